// From logits to a token: a chain of steps over one candidate array.
//   bans → top-k → top-p → min-p → temperature → draw
// Truncation is at temperature 1 and heat comes last, as in llama.cpp. Temperature 0 takes the most probable token.
//
//   fude::SamplerOptions options;
//   options.temperature = 0.7;
//   fude::Sampler sampler(options);
//   fude::TokenId next = sampler.sample(logits, random);
#pragma once

#include <span>
#include <vector>

#include "fude/base/random.h"
#include "fude/text/tokenizer.h"

namespace fude {

struct SamplerOptions {
  double temperature = 0.8;  // 0: greedy; 1: the model's own distribution
  int top_k = 0;             // keep the k most probable; 0: off
  double top_p = 1.0;        // keep the smallest set whose probability reaches p; 1: off
  double min_p = 0.05;       // keep tokens with at least this fraction of the best one's probability; 0: off

  // Every problem at once as a ConfigError.
  void validate() const;
};

class Sampler {
 public:
  explicit Sampler(SamplerOptions options, std::vector<TokenId> banned = {});

  // Draws one token; equal logits, options and random position give the same token on every machine up to rounding.
  // Among equal logits the lower id is the more probable one. A logit of -inf is never drawn; NumericError when one is
  // NaN or +inf, or when nothing is left to draw. Uses exactly one Random::uniform(), none when greedy.
  // Allocates in the first call only.
  TokenId sample(std::span<const float> logits, Random& random);

  struct Candidate {
    TokenId id;
    float logit;
    double probability;
  };
  // What may be drawn, most probable first, with the probabilities after every step of the chain.
  std::vector<Candidate> candidates(std::span<const float> logits) const;

  const SamplerOptions& options() const { return options_; }

 private:
  SamplerOptions options_;
  std::vector<TokenId> banned_;  // ascending
  std::vector<Candidate> candidates_;
};

// ln Σ exp(logits), without overflow.
double log_sum_exp(std::span<const float> logits);

// Natural logs of the softmax of `logits`, in place of them.
void log_softmax(std::span<float> logits);

}  // namespace fude
