// Evaluation of a token store while training: in parallel streams for speed, near to the figure of reading it once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "data/token_store.h"
#include "fude/eval/evaluate.h"

namespace fude {

// An evaluation's windows while training: so many streams, each warmed up, that the figure differs little from that of
// one reading (fude eval).
constexpr int kEvaluationStreams = 32;
constexpr int kEvaluationSteps = 32;

struct EvaluateStoreOptions {
  int seq_length = kEvaluationSteps;
  // Parallel streams, each over its share of the store; 1: the exact figure of a text read once. Lowered when a share
  // would be shorter than a few warm-ups.
  int batch_size = 1;
  // Tokens before its share that each stream reads first, uncounted, so that it does not begin with an empty state.
  int warm_up = 128;
  bool reset_at_documents = false;
  // Only so many tokens from the first one on; 0: all.
  int64_t most_tokens = 0;

  // Tokens of the store that are predicted.
  int64_t predictions(const TokenStore& store) const {
    return most_tokens > 0 ? std::min(most_tokens, store.size()) : store.size();
  }
};

// Every token of the store, up to the limit, each predicted from all before it in its stream and the first from <eos>:
// the same reading as evaluate(). The caller measures what text they stand for (data/dataset.h measure_text), as that
// costs a decoding: code_points and bytes stay 0 here. Ends early, with what was read until then, when *stop becomes
// true.
Evaluation evaluate_store(const LanguageModel& model, const TokenStore& store, const EvaluateStoreOptions& options,
                          const std::atomic<bool>* stop = nullptr);

}  // namespace fude
