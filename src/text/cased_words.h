// The capitalized and all-capital forms of the words of a vocabulary, there and back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fude/text/tokenizer.h"
#include "text/vocabulary.h"

namespace fude {

class CasedWords {
 public:
  struct Match {
    size_t index = 0;                            // of the word
    LetterCase letter_case = LetterCase::kAsIs;  // kAsIs: none has this form
  };

  explicit CasedWords(const std::vector<std::string>& words);
  CasedWords(const CasedWords&) = delete;
  CasedWords& operator=(const CasedWords&) = delete;

  // `letter_case` is not kAsIs.
  const std::string& form(size_t index, LetterCase letter_case) const {
    return letter_case == LetterCase::kUpper ? upper_[index] : capitalized_[index];
  }
  // The word that has `form` as a form other than itself; form() of it gives `form` back.
  Match find(std::string_view form) const {
    const auto found = matches_.find(form);
    return found == matches_.end() ? Match{} : found->second;
  }

 private:
  std::vector<std::string> capitalized_, upper_;
  std::unordered_map<std::string_view, Match> matches_;  // keys are views of the forms
};

// The counts of the pieces that stand for `words` in all their forms: "the" for The and THE, too. Of a word that never
// comes in small letters, behind a space or not, the most frequent form is the piece, "London" for LONDON, and what
// cannot be made of that stays itself.
PieceCounts join_cases(const PieceCounts& words);

}  // namespace fude
