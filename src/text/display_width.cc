#include <unicode/uchar.h>

#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr char32_t kZeroWidthJoiner = 0x200D;
constexpr char32_t kEmojiPresentation = 0xFE0F;

bool is_hangul_vowel_or_final(char32_t c) { return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB); }

bool is_skin_tone(char32_t c) { return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_EMOJI_MODIFIER) != 0; }

int code_point_width(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  constexpr uint32_t kNoColumn = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CC_MASK;
  // The soft hyphen is a format character that terminals show.
  if ((U_GET_GC_MASK(c) & kNoColumn) != 0) return c == 0xAD ? 1 : 0;
  if (is_hangul_vowel_or_final(code_point)) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  int last = 0;  // width of the character that a following mark belongs to
  bool joined = false;
  for (size_t offset = 0; offset < text.size();) {
    const char32_t code_point = next_code_point(text, offset);
    if (code_point == kEmojiPresentation && last == 1) {
      width += 1;
      last = 2;
    } else if (code_point == kZeroWidthJoiner) {
      joined = last == 2;
    } else if (joined || (last == 2 && is_skin_tone(code_point))) {
      joined = false;
    } else if (const int columns = code_point_width(code_point); columns > 0) {
      width += columns;
      last = columns;
    }
  }
  return width;
}

}  // namespace fude
