// Evaluation of a token store while training: exact, in B parallel streams for speed.
#pragma once

#include <atomic>

#include "data/token_store.h"
#include "fude/eval/evaluate.h"

namespace fude {

struct EvaluateStoreOptions {
  int seq_length = 128;
  int batch_size = 1;  // streams; each starts from a zero state, so 1 is the exact figure of a text read once
  bool reset_at_documents = false;
};

// TextSize is measured by the caller (data/dataset.h measure_text) as it costs a decoding: code_points and bytes stay 0 here.
// Stops early and throws nothing when *stop becomes true (result then covers what was read).
Evaluation evaluate_store(const LanguageModel& model, const TokenStore& store, const EvaluateStoreOptions& options,
                          const std::atomic<bool>* stop = nullptr);

}  // namespace fude
