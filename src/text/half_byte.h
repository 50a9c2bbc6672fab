// Byte fallback of the char and word tokenizers: a byte is written as two half bytes, the high one first. Sixteen
// tokens do for this what 256 would: a text of 65 characters keeps a vocabulary of about 80, so the softmax over it
// stays cheap, and the price of two tokens a byte falls on rare symbols only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fude/text/tokenizer.h"

namespace fude {

inline constexpr TokenId kFirstHalfByte = 1;  // <eos> is 0
inline constexpr TokenId kHalfBytes = 16;

inline void append_half_bytes(std::string_view bytes, std::vector<TokenId>& ids) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    ids.push_back(kFirstHalfByte + (byte >> 4));
    ids.push_back(kFirstHalfByte + (byte & 15));
  }
}

inline void decode_half_byte(TokenId id, DecodeState& state, std::string& bytes) {
  const int half = id - kFirstHalfByte;
  if (state.high_nibble < 0) {
    state.high_nibble = half;
  } else {
    bytes.push_back(static_cast<char>(state.high_nibble << 4 | half));
    state.high_nibble = -1;
  }
}

// Another token, or the end of the text, came where the second half was due: appends a byte that is never part of
// UTF-8, so that it becomes U+FFFD like every other broken character. Does nothing when no half byte waits.
inline void end_half_byte(DecodeState& state, std::string& bytes) {
  if (state.high_nibble >= 0) bytes.push_back('\xFF');
  state.high_nibble = -1;
}

}  // namespace fude
