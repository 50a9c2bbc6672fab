#include "fude/text/comparison.h"

#include <cmath>
#include <vector>

#include "fude/text/unicode.h"

namespace fude {
namespace {

// What a token that the known text lacks counts for (Krichevsky and Trofimov 1981).
constexpr double kUnseen = 0.5;

}  // namespace

double UnigramCost::tokens_per_character() const {
  return characters == 0 ? 0 : static_cast<double>(tokens) / static_cast<double>(characters);
}

double UnigramCost::bits_per_character() const { return characters == 0 ? 0 : bits / static_cast<double>(characters); }

UnigramCost measure_unigram(const Tokenizer& tokenizer, std::string_view known, std::string_view held_out) {
  std::vector<double> counts(static_cast<size_t>(tokenizer.vocab_size()), kUnseen);
  double total = kUnseen * static_cast<double>(counts.size());
  for (const TokenId id : tokenizer.encode(known)) {
    ++counts[static_cast<size_t>(id)];
    ++total;
  }
  UnigramCost cost;
  for (const TokenId id : tokenizer.encode(held_out)) {
    cost.bits += std::log2(total / counts[static_cast<size_t>(id)]);
    ++cost.tokens;
  }
  cost.characters = static_cast<int64_t>(count_code_points(held_out));
  return cost;
}

}  // namespace fude
