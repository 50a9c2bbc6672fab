#include "data/formats/html_references.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr uint32_t kFirst = 0x80;
constexpr uint32_t kReplacement = 0xFFFD;
constexpr uint32_t kNoCharacter = 0x110000;
// What windows-1252 has from there on.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                                   0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

struct Reference {
  size_t size = 0;  // with its semicolon; 0: none of these
  uint32_t number = 0;
};

// A number that means another, or no character.
Reference read_mended_reference(std::string_view text) {
  constexpr size_t kLongest = 32;
  if (!text.starts_with("&#")) return {};
  const size_t size = text.substr(0, kLongest).find(';') + 1;
  if (size < 4) return {};
  const bool hexadecimal = text[2] == 'x' || text[2] == 'X';
  const char* const end = text.data() + size - 1;
  Reference reference{size};
  const auto [last, error] =
      std::from_chars(text.data() + (hexadecimal ? 3 : 2), end, reference.number, hexadecimal ? 16 : 10);
  if (last != end || error == std::errc::invalid_argument) return {};
  if (error == std::errc::result_out_of_range) reference.number = kNoCharacter;
  return meant_by_reference(reference.number) != reference.number ? reference : Reference{};
}

// Where a comment begins that has no end; npos: nowhere.
size_t find_open_comment(std::string_view html) {
  constexpr std::string_view kBegin = "<!--", kEnd = "-->";
  size_t at = 0;
  while ((at = html.find(kBegin, at)) != std::string_view::npos) {
    const size_t end = html.find(kEnd, at + kBegin.size() - 2);  // <!--> is one, too
    if (end == std::string_view::npos) return at;
    at = end + kEnd.size();
  }
  return at;
}

}  // namespace

uint32_t meant_by_reference(uint32_t number) {
  const bool surrogate = number >= 0xD800 && number < 0xE000;
  if (number == 0 || surrogate || number >= kNoCharacter) return kReplacement;
  return number >= kFirst && number < kFirst + kWindows1252.size() ? kWindows1252[number - kFirst] : number;
}

bool needs_mending(std::string_view html) {
  return html.find('\0') != std::string_view::npos || html.find("&#") != std::string_view::npos ||
         find_open_comment(html) != std::string_view::npos;
}

std::string mend_html(std::string_view html) {
  std::string mended;
  mended.reserve(html.size());
  const size_t open_comment = find_open_comment(html);
  for (size_t at = 0; at < html.size();) {
    const Reference reference = read_mended_reference(html.substr(at));
    if (at >= open_comment && html.substr(at).starts_with("<!--"))
      mended += "&lt;";
    else if (reference.size > 0)
      append_utf8(mended, meant_by_reference(reference.number));
    else
      mended += html[at] == '\0' ? std::string_view("\uFFFD") : html.substr(at, 1);
    at += std::max<size_t>(reference.size, 1);
  }
  return mended;
}

}  // namespace fude
