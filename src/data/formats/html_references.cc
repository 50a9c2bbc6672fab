#include "data/formats/html_references.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "data/formats/html_attributes.h"
#include "data/formats/html_text.h"
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

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kAlphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kLetters = kAlphanumerics.substr(10);
constexpr std::string_view kHexadecimalDigits = "0123456789ABCDEFabcdef";

// What stands in place of the first `size` bytes.
struct Mended {
  size_t size = 1;
  std::string text;
};

// `text` begins with "&#". No number behind it makes it text; a number may mean another, or no character.
Mended mend_number(std::string_view text) {
  const bool hexadecimal = text.substr(2, 1) == "x" || text.substr(2, 1) == "X";
  const size_t begin = hexadecimal ? 3 : 2;
  const size_t end = std::min(text.find_first_not_of(hexadecimal ? kHexadecimalDigits : kDigits, begin), text.size());
  if (end <= begin) return {1, "&amp;"};
  uint32_t number = 0;
  const auto [last, error] = std::from_chars(text.data() + begin, text.data() + end, number, hexadecimal ? 16 : 10);
  if (error != std::errc()) number = kNoCharacter;
  if (meant_by_reference(number) == number) return {1, "&"};
  Mended mended{end + (text.substr(end, 1) == ";" ? 1 : 0), {}};
  append_utf8(mended.text, meant_by_reference(number));
  return mended;
}

// `text` begins with "&" and a letter. The parser wants a semicolon behind every name, and knows fewer names.
Mended mend_name(std::string_view text) {
  constexpr size_t kLongestOfAll = 32, kLongest = 6, kShortest = 2;
  const size_t size = text.substr(1, kLongestOfAll).find_first_not_of(kAlphanumerics);
  std::string_view name = text.substr(1, std::min(size, kLongestOfAll));
  const std::string_view reference = text.substr(0, name.size() + 2);
  if (reference.ends_with(';')) {
    const std::string character = decode_entity(reference);
    if (character == "<" || character == "&") return {reference.size(), character == "<" ? "&lt;" : "&amp;"};
    if (character != reference) return {reference.size(), character};
  }
  for (name = name.substr(0, kLongest); name.size() >= kShortest; name.remove_suffix(1))
    if (needs_no_semicolon(name)) return {1 + name.size(), "&" + std::string(name) + ";"};
  return {1, "&amp;"};
}

// The length of what browsers take for a comment, such as Word's <![if !supportLists]>; 0: it is none.
size_t declaration_size(std::string_view text) {
  constexpr std::string_view kDocumentType = "doctype";
  const std::string_view inside = text.substr(2);
  if (inside.empty() || (inside[0] != '[' && kLetters.find(inside[0]) == std::string_view::npos)) return 0;
  const bool document_type =
      inside.size() >= kDocumentType.size() && std::equal(kDocumentType.begin(), kDocumentType.end(), inside.begin(),
                                                          [](char a, char b) { return a == (b | 0x20); });
  const size_t end = inside.find_first_of("<>");
  return document_type || end == std::string_view::npos || inside[end] == '<' ? 0 : end + 3;
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

std::string mend_html(std::string_view html) {
  using namespace std::string_view_literals;
  constexpr std::string_view kSection = "<![CDATA[", kSectionEnd = "]]>", kComment = "<!--", kCommentEnd = "-->",
                             kInstructionEnd = "?>";
  std::string mended;
  mended.reserve(html.size());
  const size_t open_comment = find_open_comment(html);
  const size_t last_tag_end = html.rfind('>') + 1;  // 0: there is none
  size_t section_end = 0, instruction_end = 0, tag_end = 0;
  bool in_section = false;
  for (size_t at = 0; at < html.size();) {
    const size_t next = std::min(html.find_first_of("&<]\0"sv, at), html.size());
    mended += html.substr(at, next - at);
    at = next;
    const std::string_view rest = html.substr(at);
    Mended here{std::min<size_t>(1, rest.size()), std::string(rest.substr(0, 1))};
    if (rest.starts_with('\0')) {
      here.text = "\uFFFD";
    } else if (rest.starts_with("&#")) {
      here = mend_number(rest);
    } else if (rest.size() > 1 && rest[0] == '&' && kLetters.find(rest[1]) != std::string_view::npos) {
      here = mend_name(rest);
    } else if (rest.starts_with('&')) {
      here.text = "&amp;";
    } else if (rest.starts_with(kComment) && at < open_comment) {
      here.size = html.find(kCommentEnd, at + kComment.size() - 2) + kCommentEnd.size() - at;
      here.text = rest.substr(0, here.size);
    } else if (rest.starts_with(kComment)) {
      here.text = "&lt;";
    } else if (rest.starts_with(kSection)) {
      if (section_end <= at) section_end = html.find(kSectionEnd, at);
      in_section = section_end != std::string_view::npos;
      if (in_section) here = {kSection.size(), ""};
    } else if (in_section && at == section_end) {
      here = {kSectionEnd.size(), ""};
      in_section = false;
    } else if (rest.starts_with("<?") && !rest.starts_with("<?xml")) {
      if (instruction_end <= at) instruction_end = html.find(kInstructionEnd, at);
      if (instruction_end != std::string_view::npos)
        here = {instruction_end + kInstructionEnd.size() - at, "<!---->"};
      else if (at < last_tag_end)
        here = {html.find('>', at) + 1 - at, "<!---->"};
      else
        here.text = "&lt;";
    } else if (rest.size() > 1 && at >= tag_end && kLetters.find(rest[1]) != std::string_view::npos) {
      if (const size_t quote = find_open_quote(html, at, tag_end); quote != std::string_view::npos) {
        here = {quote + 1 - at, std::string(html.substr(at, quote - at))};
        tag_end = quote + 1;
      }
    } else if (rest.starts_with("<!")) {
      if (const size_t size = declaration_size(rest); size > 0) here = {size, "<!---->"};
    }
    mended += here.text;
    at += here.size;
  }
  return mended;
}

}  // namespace fude
