#include "text/near_relative.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <span>

#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

struct Plain {
  std::u32string_view from;  // each of these
  std::string_view to;
};

constexpr Plain kPlain[] = {
    {U"\u2018\u2019\u201A\u201B\u2032\u2035\u02BC\u00B4\u0060", "'"},
    {U"\u201C\u201D\u201E\u201F\u2033\u2036\u00AB\u00BB", "\""},
    {U"\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"},
    {U"\u2026", "..."},
    {U"\t\u00A0\u2002\u2003\u2007\u2009\u200A\u202F\u3000", " "},
    {U"\u0085\u2028\u2029", "\n"},
    {U"'", "\u2019"},
    {U"\u0131", "i"},  // whose capital is I
};

// Letters that Unicode takes for no others with marks.
constexpr Plain kBareLetters[] = {{U"ß", "ss"}, {U"æ", "ae"}, {U"Æ", "AE"}, {U"œ", "oe"}, {U"Œ", "OE"},
                                  {U"ø", "o"},  {U"Ø", "O"},  {U"ł", "l"},  {U"Ł", "L"},  {U"đð", "d"},
                                  {U"ĐÐ", "D"}, {U"ħ", "h"},  {U"Ħ", "H"},  {U"þ", "th"}, {U"Þ", "TH"}};

constexpr char32_t kFullWidthOffset = 0xFEE0;  // from ! to its full-width form, and so on to ~

template <class Function>
std::string map_code_points(std::string_view text, const Function& append) {
  std::string mapped;
  for (size_t offset = 0; offset < text.size();) append(mapped, next_code_point(text, offset));
  return mapped;
}

// What `table` has for it, or itself.
void append_from(std::span<const Plain> table, std::string& text, char32_t code_point) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Plain& plain) {
    return plain.from.find(code_point) != std::u32string_view::npos;
  });
  if (found != table.end())
    text += found->to;
  else
    append_utf8(text, code_point);
}

void append_plain(std::string& text, char32_t code_point) { append_from(kPlain, text, code_point); }

void append_full_width(std::string& text, char32_t code_point) {
  const bool has_form = code_point > U' ' && code_point <= U'~';
  append_utf8(text, code_point == U' ' ? U'\u3000' : has_form ? code_point + kFullWidthOffset : code_point);
}

void append_lower(std::string& text, char32_t c) {
  append_utf8(text, static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))));
}

void append_upper(std::string& text, char32_t c) {
  append_utf8(text, static_cast<char32_t>(u_toupper(static_cast<UChar32>(c))));
}

// The text's letters without the marks on them.
std::string without_accents(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* decomposer = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) throw Error(std::string("ICU cannot decompose text: ") + u_errorName(status));
  return map_code_points(text, [&](std::string& bare, char32_t code_point) {
    icu::UnicodeString decomposed;
    if (decomposer->getDecomposition(static_cast<UChar32>(code_point), decomposed)) {
      append_utf8(bare, static_cast<char32_t>(decomposed.char32At(0)));
    } else if (u_charType(static_cast<UChar32>(code_point)) != U_NON_SPACING_MARK) {
      append_from(kBareLetters, bare, code_point);
    }
  });
}

}  // namespace

std::vector<std::string> near_relatives(std::string_view symbol) {
  std::vector<std::string> relatives;
  const auto add = [&](std::string relative) {
    const bool is_new = std::find(relatives.begin(), relatives.end(), relative) == relatives.end();
    if (!relative.empty() && relative != symbol && is_new) relatives.push_back(std::move(relative));
  };
  const std::string compatible = normalize(symbol, Normalization::kNfkc);
  const std::string bare = without_accents(symbol);
  const std::string plain = map_code_points(symbol, append_plain);
  const std::string compatible_plain = map_code_points(compatible, append_plain);
  add(plain);
  add(compatible_plain);
  add(compatible);
  add(map_code_points(symbol, append_full_width));
  for (const std::string_view form :
       {symbol, std::string_view(plain), std::string_view(compatible_plain), std::string_view(bare)}) {
    add(std::string(form));
    add(map_code_points(form, append_lower));
    add(map_code_points(form, append_upper));
  }
  return relatives;
}

}  // namespace fude
