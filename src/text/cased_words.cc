#include "text/cased_words.h"

#include "text/letter_case.h"

namespace fude {
namespace {

bool occurs(const PieceCounts& words, const std::string& word) {
  return words.count(word) > 0 || words.count(word.starts_with(' ') ? word.substr(1) : " " + word) > 0;
}

}  // namespace

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

PieceCounts join_cases(const PieceCounts& words) {
  PieceCounts joined;
  std::unordered_map<std::string, std::string> chosen;  // by small letters, which the words never have
  for (const auto& [word, count] : words.by_frequency()) {
    const std::string small = without_case(word);
    if (small == word || occurs(words, small)) {
      joined.add(small, count);
      continue;
    }
    const std::string& form = chosen.try_emplace(small, word).first->second;
    const bool is_made_of_it = capitalized(form) == word || upper_case(form) == word;
    joined.add(is_made_of_it ? form : word, count);
  }
  return joined;
}

}  // namespace fude
