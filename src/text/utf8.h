// The one UTF-8 decoder that the files of this room share.
#pragma once

#include <cstddef>
#include <string_view>

#include "fude/text/unicode.h"

namespace fude {

// next_code_point, without a call where the text is ASCII.
inline char32_t take_code_point(std::string_view text, size_t& offset) {
  const auto byte = static_cast<unsigned char>(text[offset]);
  return byte < 0x80 ? text[offset++] : next_code_point(text, offset);
}

// How far the bytes at the start of a text are well formed (Unicode 15, table 3-7).
struct Utf8Sequence {
  size_t valid = 0;   // bytes that begin a well-formed sequence: 0 when the first byte begins none
  size_t length = 0;  // bytes that the sequence needs
  bool complete() const { return valid == length && length > 0; }
};

// `bytes` must not be empty.
Utf8Sequence read_utf8_sequence(std::string_view bytes);

// DataError that names the byte offset when `text` is not valid UTF-8.
void require_valid_utf8(std::string_view text);

}  // namespace fude
