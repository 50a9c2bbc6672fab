#include <unicode/uchar.h>

#include <charconv>

#include "fude/text/unicode.h"

namespace fude {
namespace {

bool is_invisible(UChar32 c) {
  constexpr uint32_t kSeparators = U_GC_ZL_MASK | U_GC_ZP_MASK;
  return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 || (U_GET_GC_MASK(c) & kSeparators) != 0;
}

// Zero width joiner and non-joiner, and variation selectors: parts of written characters, such as emoji.
bool joins_or_varies(UChar32 c) {
  return c == 0x200C || c == 0x200D || u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) != 0;
}

void append_number(std::string& text, char32_t code_point) {
  char digits[8];
  const auto written = std::to_chars(digits, digits + sizeof digits, static_cast<uint32_t>(code_point), 16);
  text += "\\u{";
  for (const char* digit = digits; digit != written.ptr; ++digit)
    text += *digit >= 'a' ? static_cast<char>(*digit - 'a' + 'A') : *digit;
  text += '}';
}

}  // namespace

std::string name_invisible(std::string_view text) {
  std::string named;
  bool behind_character = false;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t code_point = next_code_point(text, offset);
    const auto c = static_cast<UChar32>(code_point);
    if (is_invisible(c) && !(behind_character && joins_or_varies(c))) {
      append_number(named, code_point);
      behind_character = false;
    } else {
      named += text.substr(begin, offset - begin);
      behind_character = true;
    }
  }
  return named;
}

}  // namespace fude
