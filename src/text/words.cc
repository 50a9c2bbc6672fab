#include "text/words.h"

#include <unicode/uchar.h>

#include "fude/text/unicode.h"

namespace fude {
namespace {

bool holds_letter_or_digit(std::string_view segment) {
  for (size_t offset = 0; offset < segment.size();) {
    if (u_isalnum(static_cast<UChar32>(next_code_point(segment, offset))) != 0) return true;
  }
  return false;
}

}  // namespace

void WordFinder::for_each(std::string_view text, const std::function<void(std::string_view)>& visit) const {
  segmenter_.for_each(text, [&](std::string_view segment) {
    if (!holds_letter_or_digit(segment)) return;
    if (segment.front() == ' ') segment.remove_prefix(1);
    visit(segment);
  });
}

}  // namespace fude
