#include "text/fitting_letters.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <unordered_set>

#include "fude/text/unicode.h"

namespace fude {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
// But ƒ, which is a sign in all that writes it.
bool is_letter(char32_t c) { return c != 0x192 && u_isalpha(static_cast<UChar32>(c)) != 0; }
bool is_small(char32_t c) { return u_islower(static_cast<UChar32>(c)) != 0; }
bool is_capital(char32_t c) { return u_isupper(static_cast<UChar32>(c)) != 0; }

UScriptCode script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status);
}

// Hardly a word in Latin letters has none of ASCII's.
bool join_in_word(char32_t letter, char32_t other) {
  if (!is_letter(other) || script_of(letter) != script_of(other)) return false;
  return other < 0x80 || script_of(letter) != USCRIPT_LATIN;
}

// A soft hyphen.
bool is_invisible(char32_t c) { return u_charType(static_cast<UChar32>(c)) == U_FORMAT_CHAR; }

bool stands_anywhere(char32_t c) {
  constexpr char32_t kEllipsis = 0x2026, kBullet = 0x2022, kMiddleDot = 0xB7;
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_SPACE_SEPARATOR:
    case U_DASH_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_NON_SPACING_MARK:
      return true;
    default:
      return c == kEllipsis || c == kBullet || c == kMiddleDot;
  }
}

// But for a double quote inside a word.
bool stands_well(char32_t before, char32_t c, char32_t after) {
  const bool is_double_quote = c == 0x201C || c == 0x201D;
  return stands_anywhere(c) && !(is_double_quote && is_letter(before) && is_letter(after));
}

bool stands_in_words(char32_t before, char32_t c, char32_t after) {
  const int8_t type = u_charType(static_cast<UChar32>(c));
  if (type == U_CONTROL_CHAR || type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR) return false;
  if (!is_letter(c)) return !is_letter(before) || !is_letter(after);
  if ((is_small(before) && is_capital(c)) || is_digit(before) || is_digit(after)) return false;
  const auto ends_word = [](char32_t other) { return (other < 0x80 && !is_letter(other)) || stands_anywhere(other); };
  if (ends_word(before) && ends_word(after)) return true;  // a word of one letter
  return join_in_word(c, before) || join_in_word(c, after);
}

}  // namespace

FittingLetters count_fitting_letters(std::string_view text) {
  FittingLetters letters;
  std::unordered_set<char32_t> kinds;
  char32_t before = U' ', current = U' ';
  const auto take = [&](char32_t after) {
    if (current >= 0x80 && !stands_well(before, current, after)) {
      ++letters.all;
      letters.letters += is_letter(current) ? 1 : 0;
      letters.wrong += stands_in_words(before, current, after) ? 0 : 1;
      kinds.insert(current);
    }
    before = current;
    current = after;
  };
  for (size_t offset = 0; offset < text.size();)
    if (const char32_t c = next_code_point(text, offset); !is_invisible(c)) take(c);
  take(U' ');
  letters.kinds = static_cast<int64_t>(kinds.size());
  return letters;
}

}  // namespace fude
