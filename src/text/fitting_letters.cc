#include "text/fitting_letters.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <string>
#include <unordered_set>

#include "fude/text/unicode.h"

namespace fude {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) {
  constexpr std::u32string_view kSigns = U"\u0192\u00AA\u00B5\u00BA";  // ƒ ª µ º, in all that writes them
  return kSigns.find(c) == std::u32string_view::npos && u_isalpha(static_cast<UChar32>(c)) != 0;
}
bool is_small(char32_t c) { return u_islower(static_cast<UChar32>(c)) != 0; }
bool is_capital(char32_t c) { return u_isupper(static_cast<UChar32>(c)) != 0; }
// A soft hyphen.
bool is_invisible(char32_t c) { return u_charType(static_cast<UChar32>(c)) == U_FORMAT_CHAR; }

UScriptCode script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status);
}

bool stands_anywhere(char32_t c) {
  constexpr std::u32string_view kSigns = U"\u2026\u2022\u00B7\u00A9\u00AE\u00B9\u00B2\u00B3";  // … • · © ® ¹ ² ³
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_SPACE_SEPARATOR:
    case U_DASH_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_NON_SPACING_MARK:
      return true;
    default:
      return kSigns.find(c) != std::u32string_view::npos;
  }
}

// What a character stands among.
struct Place {
  char32_t before, after;
  size_t word;  // letters of its script that it is one of, without a gap
  bool ascii;   // one of these is ASCII's
};

bool stands_in_word(char32_t c, const Place& place) {
  const int8_t type = u_charType(static_cast<UChar32>(c));
  if (type == U_CONTROL_CHAR || type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR) return false;
  if (!is_letter(c)) return !is_letter(place.before) || !is_letter(place.after);
  if ((is_small(place.before) && is_capital(c)) || is_digit(place.before) || is_digit(place.after)) return false;
  if (place.word == 1) return !is_letter(place.before) && !is_letter(place.after);
  return place.ascii || script_of(c) != USCRIPT_LATIN;  // hardly a word in Latin letters has none of ASCII's
}

}  // namespace

FittingLetters count_fitting_letters(std::string_view text) {
  std::u32string characters;
  for (size_t offset = 0; offset < text.size();)
    if (const char32_t c = next_code_point(text, offset); !is_invisible(c)) characters += c;
  const auto at = [&](size_t k) { return k < characters.size() ? characters[k] : U' '; };
  FittingLetters letters;
  std::unordered_set<char32_t> kinds;
  size_t word_end = 0;
  Place place{};
  for (size_t k = 0; k < characters.size(); ++k) {
    const char32_t c = characters[k];
    place.before = k == 0 ? U' ' : at(k - 1);
    place.after = at(k + 1);
    if (k >= word_end) {
      for (word_end = k + 1; is_letter(c) && is_letter(at(word_end)) && script_of(at(word_end)) == script_of(c);)
        ++word_end;
      place.word = word_end - k;
      place.ascii = std::any_of(characters.begin() + static_cast<std::ptrdiff_t>(k),
                                characters.begin() + static_cast<std::ptrdiff_t>(word_end),
                                [](char32_t letter) { return letter < 0x80; });
    }
    if (c < 0x80) continue;
    const bool is_quote_in_word = (c == 0x201C || c == 0x201D) && is_letter(place.before) && is_letter(place.after);
    if (stands_anywhere(c) && !is_quote_in_word) {
      ++letters.anywhere;
      continue;
    }
    ++letters.all;
    letters.letters += is_letter(c) ? 1 : 0;
    letters.wrong += stands_in_word(c, place) ? 0 : 1;
    kinds.insert(c);
  }
  letters.kinds = static_cast<int64_t>(kinds.size());
  return letters;
}

}  // namespace fude
