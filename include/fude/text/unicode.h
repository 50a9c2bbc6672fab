// Unicode as the rest of the library needs it: validation, normalization and counting of UTF-8 text.
//
//   if (auto bad = fude::find_invalid_utf8(bytes); bad != fude::kValidUtf8) complain_at(bad);
//   std::string nfc = fude::normalize("e\u0301", fude::Normalization::kNfc);   // "é"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fude {

inline constexpr size_t kValidUtf8 = static_cast<size_t>(-1);

// Byte offset of the first byte that is not valid UTF-8 (overlong forms, surrogates and > U+10FFFF included), or
// kValidUtf8.
size_t find_invalid_utf8(std::string_view bytes);

// Each maximal invalid part (Unicode 15, section 3.9, "best practice") replaced by U+FFFD. `replaced` is increased by
// their number when given.
std::string replace_invalid_utf8(std::string_view bytes, size_t* replaced = nullptr);

// The length in bytes of the longest prefix that does not cut a UTF-8 sequence: what may be printed already.
size_t complete_utf8_prefix(std::string_view bytes);

// Number of code points of valid UTF-8.
size_t count_code_points(std::string_view text);
// Byte offset of the n-th code point (or the size of the text when it has fewer).
size_t code_point_offset(std::string_view text, size_t n);

// Decodes the code point at `offset` of valid UTF-8 and moves `offset` past it.
char32_t next_code_point(std::string_view text, size_t& offset);
void append_utf8(std::string& text, char32_t code_point);
// Unicode's White_Space property.
bool is_white_space(char32_t code_point);
// "0A"
std::string hex_digits(unsigned char byte);
// "U+00E9"
std::string code_point_name(char32_t code_point);

// The text with what nobody sees, and what would turn the order of characters about, as its number: "\u{202E}". These
// are line and paragraph separators and default-ignorable code points (bidirectional controls are), of which those that
// join or vary the character before them stay.
std::string name_invisible(std::string_view text);

enum class Normalization { kNone, kNfc, kNfkc };
// nfc | nfkc | none; anything else is a ConfigError.
Normalization parse_normalization(std::string_view name);
std::string_view to_string(Normalization form);
// `text` must be valid UTF-8.
std::string normalize(std::string_view text, Normalization form);

// Display width on a terminal in columns: wide East Asian characters and emoji count two, combining marks none.
int display_width(std::string_view text);

}  // namespace fude
