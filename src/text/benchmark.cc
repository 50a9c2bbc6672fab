#include "fude/text/benchmark.h"

#include <array>
#include <cmath>
#include <vector>

#include "base/median.h"
#include "fude/base/error.h"
#include "fude/base/random.h"

namespace fude {
namespace {

constexpr size_t kWords = 5000;

template <size_t N>
std::string_view any_of(const std::array<std::string_view, N>& list, Random& random) {
  return list[random.below(N)];
}

std::string made_up_word(Random& random) {
  static constexpr std::array<std::string_view, 15> kHeads = {"b", "d",  "f",  "g",  "h",  "l",  "m", "n",
                                                              "p", "th", "st", "tr", "sh", "br", "k"};
  static constexpr std::array<std::string_view, 12> kHearts = {"a",  "a",  "e",  "e", "e",  "i",
                                                               "ea", "ou", "ai", "o", "ia", "é"};
  static constexpr std::array<std::string_view, 8> kTails = {"", "", "", "n", "r", "s", "t", "nd"};
  std::string word;
  for (uint64_t syllables = 1 + random.below(3); syllables > 0; --syllables) {
    word += any_of(kHeads, random);
    word += any_of(kHearts, random);
    word += any_of(kTails, random);
  }
  return word;
}

// The word of rank r is drawn about 1/r as often as the first one (Zipf's law).
const std::string& frequent_word(const std::vector<std::string>& words, Random& random) {
  const auto rank = static_cast<size_t>(std::pow(static_cast<double>(words.size()), random.uniform()));
  return words[rank - 1];
}

void append_sentence(std::string& text, const std::vector<std::string>& words, Random& random) {
  const uint64_t length = 4 + random.below(16);
  for (uint64_t k = 0; k < length; ++k) {
    const size_t begin = text.size();
    text += frequent_word(words, random);
    if (k == 0) text[begin] = static_cast<char>(text[begin] - 'a' + 'A');  // words begin with a to z
    if (k + 1 < length) text += random.below(8) == 0 ? ", " : " ";
  }
  text += random.below(5) == 0 ? ".\n" : ". ";
}

}  // namespace

TokenizingSpeed measure_tokenizing(const Tokenizer& tokenizer, std::string_view text, double seconds) {
  if (text.empty()) throw DataError("there is no text to encode");
  std::vector<TokenId> ids;
  TokenizingSpeed speed;
  speed.seconds = median_seconds(seconds, [&] {
    ids.clear();
    tokenizer.encode(text, ids);
  });
  speed.bytes_per_second = static_cast<double>(text.size()) / speed.seconds;
  speed.tokens_per_second = static_cast<double>(ids.size()) / speed.seconds;
  return speed;
}

std::string made_up_text(size_t bytes, uint64_t seed) {
  Random random(seed);
  std::vector<std::string> words;
  while (words.size() < kWords) words.push_back(made_up_word(random));
  std::string text;
  while (text.size() < bytes) append_sentence(text, words, random);
  return text;
}

}  // namespace fude
