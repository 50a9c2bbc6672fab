#include "text/cased_words.h"

#include "text/letter_case.h"

namespace fude {

CasedWords::CasedWords(const std::vector<std::string>& words) {
  capitalized_.reserve(words.size());  // so that no view of a short text moves
  upper_.reserve(words.size());
  for (size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words[index];
    const std::string& first = capitalized_.emplace_back(capitalized(word));
    const std::string& all = upper_.emplace_back(upper_case(word));
    // The first word of a form has it: words come the most frequent first.
    if (first != word) matches_.emplace(first, Match{index, LetterCase::kCapitalized});
    if (all != word) matches_.emplace(all, Match{index, LetterCase::kUpper});
  }
}

}  // namespace fude
