// How fast this machine turns text into tokens: `fude bench tokenize`.
//
//   const std::string text = fude::made_up_text(1 << 20, /*seed=*/1);
//   const fude::TokenizingSpeed speed = fude::measure_tokenizing(*tokenizer, text, 0.5);
//   std::cout << speed.bytes_per_second / 1e6 << " MB/s";
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fude/text/tokenizer.h"

namespace fude {

struct TokenizingSpeed {
  double seconds = 0;  // of encoding the whole text
  double bytes_per_second = 0;
  double tokens_per_second = 0;
};

// Encodes `text` again and again on one thread, for about `seconds` after warming up: the median of one time. DataError
// when it is empty or no valid UTF-8.
TokenizingSpeed measure_tokenizing(const Tokenizer& tokenizer, std::string_view text, double seconds);

// Sentences of invented words, a few with accents, some words far more frequent than others, as in written language:
// `bytes` of them and the rest of the last sentence. Equal seeds give equal texts.
std::string made_up_text(size_t bytes, uint64_t seed);

}  // namespace fude
