#include "prep_output.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "input.h"
#include "terminal.h"

namespace fude {
namespace fs = std::filesystem;

std::vector<std::string> output_names(const std::string& output, size_t parts) {
  if (output.empty() || output == "-") return {};
  if (parts == 0) return {output};
  constexpr std::array kNames = {"train", "valid", "test"};
  std::error_code error;
  const bool folder = output.ends_with('/') || fs::is_directory(output, error);
  const bool has_extension = !folder && fs::path(output).extension() == ".txt";
  const std::string base = has_extension ? output.substr(0, output.size() - 4) : output;
  std::vector<std::string> names;
  for (size_t part = 0; part < parts; ++part)
    names.push_back(folder ? (fs::path(output) / (std::string(kNames[part]) + ".txt")).string()
                           : base + "." + kNames[part] + ".txt");
  return names;
}

class PrepOutput::Part : public DocumentSink {
 public:
  Part(const std::string& file, const std::string& separator, StatisticsCounter* statistics)
      : separator_(separator), statistics_(statistics) {
    // The line end before newlines is one more of them.
    if (!separator.empty())
      mark_ = separator.find_first_not_of('\n') == std::string::npos ? "\n" + separator : separator;
    if (file.empty()) return;
    require_text_or_nothing(file, {});
    file_.emplace(file);
  }

  void text(std::string_view piece) override {
    if (any_ && !in_document_) write(ends_with_newline_ ? separator_ : "\n" + separator_);
    look_for_separator(piece);
    any_ = in_document_ = true;
    ends_with_newline_ = piece.ends_with('\n');
    write(piece);
    if (statistics_ != nullptr) statistics_->text(piece);
  }
  void end_document() override {
    ambiguous_ += holds_separator_ ? 1 : 0;
    in_document_ = holds_separator_ = false;
    tail_.clear();
    if (statistics_ != nullptr) statistics_->end_document();
  }

  int64_t ambiguous() const { return ambiguous_; }
  void commit() {
    if (file_) file_->commit();
    flush();
  }

 private:
  void write(std::string_view text) {
    if (file_) return file_->write(text);
    waiting_ += text;
    if (waiting_.size() >= kPieceBytes) flush();
  }
  void flush() {
    if (!waiting_.empty()) put(waiting_);
    waiting_.clear();
  }
  void look_for_separator(std::string_view piece) {
    if (holds_separator_) return;
    if (mark_.empty()) {  // then line ends divide, and a document has one at its end only
      holds_separator_ = (in_document_ && ends_with_newline_) || piece.find('\n') < piece.size() - 1;
      return;
    }
    tail_ += piece;
    holds_separator_ = tail_.find(mark_) != std::string::npos;
    tail_.erase(0, tail_.size() - std::min(tail_.size(), mark_.size() - 1));
  }

  std::optional<AtomicFile> file_;  // none: standard output
  std::string waiting_;             // for standard output
  std::string separator_;
  std::string mark_;  // what a reader will find between documents
  StatisticsCounter* statistics_;
  std::string tail_;  // of the document, where a separator may have begun
  bool any_ = false;
  bool in_document_ = false;
  bool ends_with_newline_ = true;
  bool holds_separator_ = false;
  int64_t ambiguous_ = 0;
};

PrepOutput::PrepOutput(const std::string& output, size_t parts, const std::string& separator,
                       StatisticsCounter* statistics)
    : names_(output_names(output, parts)) {
  for (const std::string& name : names_.empty() ? std::vector<std::string>{""} : names_) {
    parts_.push_back(std::make_unique<Part>(name, separator, statistics));
    sinks_.push_back(parts_.back().get());
  }
}

PrepOutput::~PrepOutput() = default;

int64_t PrepOutput::ambiguous_documents() const {
  int64_t documents = 0;
  for (const auto& part : parts_) documents += part->ambiguous();
  return documents;
}

void PrepOutput::commit() {
  for (const auto& part : parts_) part->commit();
}

}  // namespace fude
