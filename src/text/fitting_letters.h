// Whether decoded bytes look like words: a sign inside a word, or a capital behind a small letter, tells of another
// encoding.
#pragma once

#include <cstdint>
#include <string_view>

namespace fude {

struct FittingLetters {
  int64_t all = 0;      // characters beyond ASCII
  int64_t letters = 0;  // of these
  int64_t wrong = 0;    // of all, what does not stand there in words

  // A share of them, in per cent.
  int wrong_share() const { return all == 0 ? 0 : static_cast<int>(100 * wrong / all); }
};

// Of `bytes` read in `encoding`, one that writes an alphabet.
FittingLetters count_fitting_letters(std::string_view bytes, std::string_view encoding);

}  // namespace fude
