#include <algorithm>

#include "data/clean_stages.h"
#include "data/white_space.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// One space for a run of white space, or one of its kind when all are alike.
std::string_view collapsed(std::string_view run) {
  size_t end = 0;
  const char32_t first = next_code_point(run, end);
  for (size_t offset = end; offset < run.size();) {
    if (next_code_point(run, offset) != first) return " ";
  }
  return run.substr(0, end);
}

}  // namespace

WhiteSpaceStage::WhiteSpaceStage(const CleanOptions& options, CleanReport& report, DocumentSink& next)
    : options_(options), report_(report), out_(next) {}

void WhiteSpaceStage::text(std::string_view piece) {
  while (!piece.empty()) {
    const size_t newline = piece.find('\n');
    if (newline != 0) line_part(piece.substr(0, newline));
    if (newline == std::string_view::npos) return;
    line_end();
    piece.remove_prefix(newline + 1);
  }
}

void WhiteSpaceStage::line_part(std::string_view part) {
  const std::string_view visible = without_trailing_space(part);
  if (!visible.empty()) write(visible);
  space_ += part.substr(visible.size());
  if (space_.size() > kPieceBytes) write_space();
}

void WhiteSpaceStage::write(std::string_view part) {
  line_has_text_ = true;
  empty_lines_ = 0;
  if (options_.spaces == "keep") {
    write_space();
    out_.append(part);
    return;
  }
  // `part` does not end with white space, so each run in it is followed by something.
  size_t begin = 0;
  for (size_t offset = 0; offset < part.size();) {
    const size_t at = offset;
    if (is_white_space(next_code_point(part, offset))) {
      out_.append(part.substr(begin, at - begin));
      space_ += part.substr(at, offset - at);
      begin = offset;
    } else if (!space_.empty()) {
      write_space();
    }
  }
  out_.append(part.substr(begin));
}

void WhiteSpaceStage::write_space() {
  if (space_.empty()) return;
  line_has_text_ = true;
  empty_lines_ = 0;
  const std::string_view written = options_.spaces == "collapse" ? collapsed(space_) : std::string_view(space_);
  report_.collapsed_spaces += written.size() != space_.size() ? 1 : 0;
  out_.append(written);
  space_.clear();
}

void WhiteSpaceStage::drop_trailing_space() {
  if (!options_.trim) return write_space();
  report_.trimmed_lines += space_.empty() ? 0 : 1;
  space_.clear();
}

void WhiteSpaceStage::line_end() {
  drop_trailing_space();
  empty_lines_ += line_has_text_ ? 0 : 1;
  line_has_text_ = false;
  if (options_.blank_lines >= 0 && empty_lines_ > options_.blank_lines) {
    ++report_.blank_lines;
  } else {
    out_.append("\n");
  }
}

void WhiteSpaceStage::end_document() {
  drop_trailing_space();
  line_has_text_ = false;
  empty_lines_ = 0;
  report_.empty_documents += out_.end_document() ? 0 : 1;
}

}  // namespace fude
