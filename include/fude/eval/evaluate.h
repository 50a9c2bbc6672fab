// How well a model predicts a text: loss in nats a token, perplexity, and bits per character and per byte, which can be
// compared between tokenizers that lose nothing.
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

// How well a text was predicted. The whole text counts: its first token is predicted from the state after one <eos>,
// and each document's end is a token, too.
struct Evaluation {
  double nats = 0;  // sum of -ln p over predicted tokens
  int64_t tokens = 0;
  int64_t code_points = 0;  // text that those tokens stand for
  int64_t bytes = 0;

  // NaN when nothing was predicted.
  double loss() const;  // nats a token
  double perplexity() const;
  double bits_per_char() const;
  double bits_per_byte() const;
};

// Each token of a text with its log-probability, for `fude score`.
struct TokenScore {
  TokenId id = 0;
  std::string text;     // as Tokenizer::display
  double log_prob = 0;  // nats
};

// Why bits per character and per byte of texts in these tokens cannot be compared with those in others, as a note to a
// person; empty: they can.
std::string why_not_comparable(const Tokenizer& tokenizer);

// The text read once, state carried. DataError when there is no text, NumericError when the model gives it no finite
// loss.
Evaluation evaluate(const LanguageModel& model, const TextSource& documents);
// One document.
Evaluation evaluate(const LanguageModel& model, std::string_view text);
// The same reading, token by token, <eos> at the end: the log-probabilities add up to -evaluate(model, text).nats.
std::vector<TokenScore> score(const LanguageModel& model, std::string_view text);

}  // namespace fude
