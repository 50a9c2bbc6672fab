// CSV and TSV as RFC 4180 has them: a field may stand in quotes, then separators, line ends and doubled quotes in it
// are text. A quote inside a field that does not begin with one is text, too. White space beside the columns' names
// does not count. Rows divided by tabs seldom have quotes of that kind (csv_dialect.h).
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "data/formats/csv_dialect.h"
#include "data/formats/readers.h"
#include "data/formats/record_template.h"
#include "data/piece_writer.h"
#include "fude/base/error.h"

namespace fude {
namespace {

class DelimitedReader : public FormatReader {
 public:
  DelimitedReader(char separator, const FormatOptions& options, std::string file_name, FormatReport& report,
                  DocumentSink& sink)
      : separator_(separator),
        template_(options.record_template),
        file_name_(std::move(file_name)),
        report_(&report),
        writer_(sink) {}

  void push(std::string_view text) override {
    if (settled_) return read(text);
    head_ += text;
    if (head_.size() >= kEvidence) settle();
  }

  void finish() override {
    if (!settled_) settle();
    if (state_ == State::kQuoted)
      throw_at(quote_line_, "a quote is opened and never closed", "double a quote that is meant as text: \"\"");
    if (state_ != State::kFieldBegins || !field_ends_.empty()) end_line();
  }

 private:
  enum class State { kFieldBegins, kPlain, kQuoted, kQuoteEnded, kReturnAfterQuote };
  // Text looked at to find out how rows are written.
  static constexpr size_t kEvidence = size_t{1} << 16;

  void settle() {
    // Always the same bytes, whatever pieces came.
    const bool whole = head_.size() < kEvidence;
    const CsvDialect dialect = find_csv_dialect(std::string_view(head_).substr(0, kEvidence), separator_, whole);
    quotes_ = dialect.quotes;
    separator_ = dialect.separator;
    line_end_ = dialect.line_end;
    ends_of_plain_field_ = {separator_, line_end_};
    settled_ = true;
    if (dialect.begin > 0) record_line_ = ++line_;
    read(std::string_view(std::exchange(head_, {})).substr(dialect.begin));
  }

  void read(std::string_view text) {
    while (!text.empty()) {
      switch (state_) {
        case State::kFieldBegins:
          state_ = quotes_ && text.front() == '"' ? State::kQuoted : State::kPlain;
          if (state_ == State::kQuoted) text.remove_prefix(1);
          quoted_ = state_ == State::kQuoted;
          quote_line_ = line_;
          break;
        case State::kPlain:
          read_plain(text);
          break;
        case State::kQuoted:
          read_quoted(text);
          break;
        case State::kQuoteEnded:
          read_after_quote(text);
          break;
        case State::kReturnAfterQuote:
          if (text.front() != line_end_) throw_at(line_, "a carriage return after a closing quote ends no line");
          text.remove_prefix(1);
          end_line();
          break;
      }
    }
  }

  [[noreturn]] void throw_at(int64_t line, const std::string& problem, const std::string& hint = {}) const {
    throw FormatError(file_name_ + ":" + std::to_string(line) + ": " + problem, hint);
  }

  void append(std::string_view text) {
    record_ += text;
    if (record_.size() + field_ends_.size() * sizeof(size_t) > kLargestRecord)
      throw_at(record_line_, "a record of more than " + std::to_string(kLargestRecord >> 20) + " MiB",
               quoted_ ? "is the quote opened in line " + std::to_string(quote_line_) + " ever closed?" : "");
  }

  void read_plain(std::string_view& text) {
    const size_t end = text.find_first_of(ends_of_plain_field_);
    append(text.substr(0, end));
    if (end == std::string_view::npos) {
      text = {};
      return;
    }
    const bool line_ends = text[end] == line_end_;
    text.remove_prefix(end + 1);
    line_ends ? end_line() : end_field();
  }

  void read_quoted(std::string_view& text) {
    const size_t end = std::min(text.find('"'), text.size());
    const std::string_view content = text.substr(0, end);
    append(content);
    line_ += std::count(content.begin(), content.end(), line_end_);
    if (end < text.size()) state_ = State::kQuoteEnded;
    text.remove_prefix(std::min(end + 1, text.size()));
  }

  void read_after_quote(std::string_view& text) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') {
      append("\"");
      state_ = State::kQuoted;
    } else if (c == separator_) {
      end_field();
    } else if (c == line_end_) {
      end_line();
    } else if (c == '\r') {
      state_ = State::kReturnAfterQuote;
    } else {
      throw_at(line_, "text after the closing quote of a field", "double a quote that is meant as text: \"\"");
    }
  }

  void end_field() {
    field_ends_.push_back(record_.size());
    append({});
    state_ = State::kFieldBegins;
  }

  void end_line() {
    if (!quoted_ && record_.ends_with('\r') && record_.size() > field_begin(field_ends_.size())) record_.pop_back();
    const bool blank = field_ends_.empty() && record_.empty() && !quoted_;
    end_field();
    if (!blank) end_record();
    record_.clear();
    field_ends_.clear();
    quoted_ = false;
    record_line_ = ++line_;
  }

  static std::string_view without_edges(std::string_view name) {
    const size_t begin = std::min(name.find_first_not_of(" \t"), name.size());
    return name.substr(begin, name.find_last_not_of(" \t") + 1 - begin);
  }

  size_t field_begin(size_t field) const { return field == 0 ? 0 : field_ends_[field - 1]; }
  std::string_view field(size_t number) const {
    const size_t begin = field_begin(number);
    return std::string_view(record_).substr(begin, field_ends_[number] - begin);
  }

  void end_record() {
    if (names_.empty()) return read_names();
    if (field_ends_.size() != names_.size())
      throw_at(record_line_,
               std::to_string(field_ends_.size()) + (field_ends_.size() == 1 ? " field" : " fields") + ", expected " +
                   std::to_string(names_.size()) + " as in the first row",
               "put a field that holds the separator or a line end into quotes");
    bool some_text = false;
    for (const size_t column : columns_) some_text = some_text || !field(column).empty();
    ++(some_text ? report_->records : report_->empty_records);
    if (!some_text) return;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!template_.empty()) writer_.append(template_.parts()[i].before);
      writer_.append(field(columns_[i]));
    }
    writer_.append(template_.after());
    writer_.end_document();
  }

  // The first row; finds the template's fields in it.
  void read_names() {
    for (size_t i = 0; i < field_ends_.size(); ++i) names_.emplace_back(without_edges(field(i)));
    const std::string where = file_name_ + ":" + std::to_string(record_line_);
    if (template_.empty()) {
      if (names_.size() != 1) throw_no_template(where, names_);
      columns_ = {0};
      ++report_->heading_rows;
    }
    for (const RecordTemplate::Part& part : template_.parts()) {
      const auto name = std::find(names_.begin(), names_.end(), part.field);
      if (name == names_.end()) throw_missing_field(where, part.field, names_);
      if (std::find(name + 1, names_.end(), part.field) != names_.end())
        throw_at(record_line_, "two columns are named \"" + part.field + "\"", "give each column a name of its own");
      columns_.push_back(static_cast<size_t>(name - names_.begin()));
    }
  }

  char separator_;
  char line_end_ = '\n';
  bool quotes_ = true;
  bool settled_ = false;  // these three
  std::string head_;      // until then
  std::string ends_of_plain_field_;
  RecordTemplate template_;
  std::string file_name_;
  FormatReport* report_;
  PieceWriter writer_;

  std::vector<std::string> names_;  // of the columns; empty before the first row
  std::vector<size_t> columns_;     // of the template's fields

  State state_ = State::kFieldBegins;
  std::string record_;              // its fields, one after the other
  std::vector<size_t> field_ends_;  // in record_
  bool quoted_ = false;             // the field read last stood in quotes
  int64_t line_ = 1;
  int64_t record_line_ = 1;  // where the record began
  int64_t quote_line_ = 1;   // where the last quote was opened
};

}  // namespace

std::unique_ptr<FormatReader> make_delimited_reader(char separator, const FormatOptions& options,
                                                    const std::string& file_name, FormatReport& report,
                                                    DocumentSink& sink) {
  return std::make_unique<DelimitedReader>(separator, options, file_name, report, sink);
}

}  // namespace fude
