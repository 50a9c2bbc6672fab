// How well a model predicts a text: loss in nats a token, perplexity, and bits per character and per byte, which can be
// compared between tokenizers.
//
//   auto result = fude::evaluate(model, "Once upon a time ...");
//   std::cout << result.bits_per_char << "\n";
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fude/model/language_model.h"

namespace fude {

struct Evaluation {
  double nats = 0;  // sum of -ln p over predicted tokens
  int64_t tokens = 0;
  int64_t code_points = 0;  // text that those tokens stand for
  int64_t bytes = 0;

  double loss() const { return tokens > 0 ? nats / static_cast<double>(tokens) : 0; }  // nats a token
  double perplexity() const;
  double bits_per_char() const;
  double bits_per_byte() const;
};

// Each token of a text with its log-probability, for `fude score`.
struct TokenScore {
  TokenId id = 0;
  std::string text;    // as Tokenizer::display
  double log_prob = 0; // nats; NaN for the first token, which nothing predicts
};

// The text read once from a zero state, state carried; `documents` are each followed by <eos>.
Evaluation evaluate(const LanguageModel& model, const TextSource& documents);
Evaluation evaluate(const LanguageModel& model, std::string_view text);
std::vector<TokenScore> score(const LanguageModel& model, std::string_view text);

}  // namespace fude
