// How long a run is, how its batches fit its text, and what memory it takes: worked out before the first step.
#pragma once

#include <cstdint>

#include "fude/data/batch_options.h"
#include "fude/train/options.h"

namespace fude {

// The batch options, with fewer streams where a text of `tokens` tokens gives an epoch less than options.least_steps,
// and with shorter windows too where it gives less than about ten.
BatchOptions fit_batch(BatchOptions options, int64_t tokens);

// Without eval_every a run is evaluated at least so often.
inline constexpr int64_t kLeastEvaluations = 5;

struct RunPlan {
  int64_t steps_per_epoch = 1;
  int64_t total_steps = 0;  // 0: only time or patience ends the run
  int64_t eval_every = 1;   // steps
};
RunPlan plan_run(const TrainOptions& options, int64_t steps_per_epoch);

// Bytes that weights, gradients, optimizer and the buffers of a window take, and those of evaluation where there is
// any; options.precision is resolved.
int64_t estimate_memory(const TrainOptions& options, bool evaluates);

}  // namespace fude
