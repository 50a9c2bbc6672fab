#include "text/letter_case.h"

#include <unicode/uchar.h>

#include "fude/text/unicode.h"

namespace fude {
namespace {

using CaseMapping = UChar32 (*)(UChar32);

std::string mapped(std::string_view word, CaseMapping first, CaseMapping rest) {
  std::string text;
  size_t offset = 0;
  if (word.starts_with(' ')) text += word[offset++];
  for (CaseMapping map = first; offset < word.size(); map = rest)
    append_utf8(text, static_cast<char32_t>(map(static_cast<UChar32>(next_code_point(word, offset)))));
  return text;
}

UChar32 unchanged(UChar32 code_point) { return code_point; }

}  // namespace

std::string lower_case(std::string_view word) { return mapped(word, u_tolower, u_tolower); }
std::string capitalized(std::string_view word) { return mapped(word, u_totitle, unchanged); }
std::string upper_case(std::string_view word) { return mapped(word, u_toupper, u_toupper); }

std::string without_case(std::string_view word) {
  std::string lower = lower_case(word);
  if (lower == word || capitalized(lower) == word || upper_case(lower) == word) return lower;
  return std::string(word);
}

}  // namespace fude
