#include "data/formats/aozora_characters.h"

#include <algorithm>
#include <array>

#include "fude/text/unicode.h"
#include "text/jis_x_0213.h"

namespace fude {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "U+5B57" somewhere in the note.
std::string by_code_point(std::string_view note) {
  const size_t mark = note.find("U+");
  if (mark == std::string_view::npos) return {};
  char32_t code_point = 0;
  size_t digits = 0;
  for (const char c : note.substr(mark + 2)) {
    const bool letter = (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    if ((!is_digit(c) && !letter) || ++digits > 6) break;
    code_point = code_point * 16 + static_cast<char32_t>(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
  }
  const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
  if (digits < 4 || digits > 6 || code_point < 0x20 || code_point > 0x10FFFF || surrogate) return {};
  std::string text;
  append_utf8(text, code_point);
  return text;
}

// The last "1-85-9" in the note: plane, row and cell.
std::string by_jis_x_0213(std::string_view note) {
  std::string found;
  for (size_t at = 0; at < note.size();) {
    if (!is_digit(note[at])) {
      ++at;
      continue;
    }
    std::array<int, 3> numbers{};
    size_t count = 0;
    bool more = true;
    for (; more && at < note.size() && is_digit(note[at]); ++count) {
      int number = 0;
      for (; at < note.size() && is_digit(note[at]); ++at) number = std::min(number * 10 + (note[at] - '0'), 1000);
      if (count < numbers.size()) numbers[count] = number;
      more = at < note.size() && note[at] == '-';
      at += more ? 1 : 0;
    }
    if (count == numbers.size()) found = jis_x_0213_character(numbers[0], numbers[1], numbers[2]);
  }
  return found;
}

// The mark after a letter and the combining character it means.
constexpr std::array<std::pair<char, char32_t>, 8> kAccents = {
    {{'`', 0x300}, {'\'', 0x301}, {'^', 0x302}, {'~', 0x303}, {':', 0x308}, {'&', 0x30A}, {',', 0x327}, {'_', 0x304}}};
struct Special {
  std::string_view written;
  std::string_view meant;
};
constexpr std::array<Special, 12> kSpecials = {{{"AE&", "Æ"},
                                                {"ae&", "æ"},
                                                {"OE&", "Œ"},
                                                {"oe&", "œ"},
                                                {"s&", "ß"},
                                                {"!@", "¡"},
                                                {"?@", "¿"},
                                                {"O/", "Ø"},
                                                {"o/", "ø"},
                                                {"L/", "Ł"},
                                                {"l/", "ł"},
                                                {"d/", "đ"}}};

}  // namespace

std::string gaiji_character(std::string_view note) {
  std::string character = by_code_point(note);
  return character.empty() ? by_jis_x_0213(note) : character;
}

std::optional<std::pair<std::string, size_t>> accented_letter(std::string_view rest) {
  for (const Special& special : kSpecials)
    if (rest.starts_with(special.written)) return std::pair{std::string(special.meant), special.written.size()};
  const bool letter = rest.size() >= 2 && ((rest[0] | 32) >= 'a' && (rest[0] | 32) <= 'z');
  if (!letter) return std::nullopt;
  for (const auto& [mark, combining] : kAccents) {
    if (rest[1] != mark) continue;
    std::string text(1, rest[0]);
    append_utf8(text, combining);
    std::string composed = normalize(text, Normalization::kNfc);
    // What Unicode has no letter for was meant as it stands.
    if (count_code_points(composed) == 1) return std::pair{std::move(composed), size_t{2}};
  }
  return std::nullopt;
}

}  // namespace fude
