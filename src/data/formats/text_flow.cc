#include "data/formats/text_flow.h"

#include <utility>

#include "fude/text/unicode.h"

namespace fude {

bool is_dense(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  return within(0x2E80, 0x312F) || within(0x3190, 0xA4CF) || within(0xF900, 0xFAFF) || within(0xFE30, 0xFE4F) ||
         within(0xFF01, 0xFF9F) || within(0x20000, 0x3FFFF);
}

void TextFlow::separate(char32_t next) {
  const bool dense = is_dense(next);
  if (gap_ != Gap::kNone && !out_.empty()) {
    if (!out_.ends_with('\n')) out_ += '\n';
    if (gap_ != Gap::kLine && !out_.ends_with("\n\n")) out_ += '\n';
    if (gap_ == Gap::kRule) out_ += "* * *\n\n";
  } else if (space_ && gap_ == Gap::kNone && !out_.empty() && !out_.ends_with('\n') && !out_.ends_with('\t') &&
             !(line_end_ && last_is_dense_ && dense)) {
    out_ += ' ';
  }
  gap_ = Gap::kNone;
  space_ = line_end_ = cell_is_empty_ = false;
  last_is_dense_ = dense;
}

void TextFlow::text(std::string_view text) {
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = next_code_point(text, offset);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      space_ = true;
      line_end_ = line_end_ || c == '\n' || c == '\r';
      continue;
    }
    separate(c);
    out_ += text.substr(begin, offset - begin);
  }
}

void TextFlow::verbatim(std::string_view text) {
  if (text.empty()) return;
  size_t offset = 0;
  separate(next_code_point(text, offset));
  out_ += text;
}

void TextFlow::begin_list() {
  paragraph();
  ++list_depth_;
}

void TextFlow::end_list() {
  list_depth_ -= list_depth_ > 0 ? 1 : 0;
  paragraph();
}

void TextFlow::end_cell() {
  if (!cell_is_empty_) gap_ = Gap::kNone;
  cell_is_empty_ = false;
}

std::string TextFlow::take() {
  if (!out_.empty() && !out_.ends_with('\n')) out_ += '\n';
  std::string text = std::move(out_);
  *this = TextFlow();
  return text;
}

}  // namespace fude
