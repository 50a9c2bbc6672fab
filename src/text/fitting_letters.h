// Whether text looks like words: a strange sign inside a word, or a capital behind a small letter, tells that it was
// read in another encoding than it was written in.
#pragma once

#include <cstdint>
#include <string_view>

namespace fude {

// Characters beyond ASCII. Soft hyphens are as if they were not there.
struct FittingLetters {
  int64_t anywhere = 0;  // spaces, dashes, curly quotes, dots, marks on letters, which stand anywhere
  int64_t all = 0;       // the others
  int64_t kinds = 0;     // each counted once
  int64_t letters = 0;   // of all
  int64_t wrong = 0;     // of all, what does not stand so in words

  // A share of them, in per cent.
  int wrong_share() const { return all == 0 ? 0 : static_cast<int>(100 * wrong / all); }
};

// Of UTF-8 in an alphabet.
FittingLetters count_fitting_letters(std::string_view text);

}  // namespace fude
