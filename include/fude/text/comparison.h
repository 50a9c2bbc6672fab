// What a tokenizer makes of a text that it has not seen: `fude tokenizer compare`.
//
//   const fude::UnigramCost cost = fude::measure_unigram(*tokenizer, known, held_out);
//   std::cout << cost.bits_per_character() << " bits a character";
#pragma once

#include <cstdint>
#include <string_view>

#include "fude/text/tokenizer.h"

namespace fude {

// The cost of a text under the model that knows no more than how often each token comes.
struct UnigramCost {
  int64_t characters = 0;  // code points
  int64_t tokens = 0;
  double bits = 0;

  // 0 of a text without characters.
  double tokens_per_character() const;
  double bits_per_character() const;
};

// Counts the tokens of `known`, each half a time more than it comes, and codes `held_out` with what they tell: bits a
// character compare between tokenizers that lose nothing. DataError when a text is no valid UTF-8.
UnigramCost measure_unigram(const Tokenizer& tokenizer, std::string_view known, std::string_view held_out);

}  // namespace fude
