#include "data/white_space.h"

#include "fude/text/unicode.h"

namespace fude {

std::string_view without_trailing_space(std::string_view text) {
  while (!text.empty()) {
    size_t begin = text.size() - 1;
    while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
    size_t offset = begin;
    if (!is_white_space(next_code_point(text, offset))) break;
    text = text.substr(0, begin);
  }
  return text;
}

}  // namespace fude
