#include "train/plan.h"

#include <algorithm>
#include <cmath>

#include "eval/evaluate_store.h"
#include "nn/memory.h"
#include "nn/parameters.h"

namespace fude {
namespace {

// Where streams are given up for more steps, these stay: fewer would slow a step's products too much.
constexpr int kEnoughStreams = 16;
// Below so many steps, batches are halved in turns: streams first, as windows carry the gradient.
constexpr int64_t kLeastStepsPerEpoch = 10;
constexpr int kFewStreams = 4;
constexpr int kShortWindow = 16;
constexpr int64_t kMostEvaluations = 100;

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

void halve_window(BatchOptions& options) {
  options.seq_length /= 2;
  if (options.stride > 0) options.stride = std::max(1, options.stride / 2);
}

}  // namespace

BatchOptions fit_batch(BatchOptions options, int64_t tokens) {
  const int64_t predictions = std::max<int64_t>(1, tokens - 1);
  const auto gives = [&](int64_t steps) { return predictions >= steps * options.batch_size * options.seq_length; };
  while (options.batch_size >= 2 * kEnoughStreams && !gives(options.least_steps)) options.batch_size /= 2;
  while (!gives(kLeastStepsPerEpoch)) {
    if (options.batch_size > kFewStreams) {
      options.batch_size /= 2;
    } else if (options.seq_length > kShortWindow) {
      halve_window(options);
    } else if (options.batch_size > 1) {
      options.batch_size /= 2;
    } else if (options.seq_length > 1) {
      halve_window(options);
    } else {
      break;
    }
  }
  return options;
}

RunPlan plan_run(const TrainOptions& options, int64_t steps_per_epoch) {
  RunPlan plan;
  plan.steps_per_epoch = std::max<int64_t>(1, steps_per_epoch);
  if (options.epochs > 0) {
    const double steps = std::ceil(options.epochs * static_cast<double>(plan.steps_per_epoch));
    plan.total_steps = std::max<int64_t>(1, static_cast<int64_t>(steps));
  }
  if (options.steps > 0 && (plan.total_steps == 0 || options.steps < plan.total_steps))
    plan.total_steps = options.steps;

  plan.eval_every = options.eval_every;
  if (plan.eval_every > 0) return plan;
  plan.eval_every = plan.steps_per_epoch;
  if (plan.total_steps == 0) return plan;
  const int64_t epochs_between = divide_up(plan.total_steps, kMostEvaluations * plan.steps_per_epoch);
  plan.eval_every = std::min(plan.steps_per_epoch * epochs_between, divide_up(plan.total_steps, kLeastEvaluations));
  return plan;
}

int64_t estimate_memory(const TrainOptions& options, bool evaluates) {
  const NetworkConfig& network = options.network;
  const size_t weights = parameter_count(network);
  const std::string& optimizer = options.optimizer.kind;
  const bool two_moments = optimizer == "adam" || optimizer == "adamw";
  const bool one_moment = optimizer == "rmsprop" || (optimizer == "sgd" && options.optimizer.momentum > 0);
  const size_t copies = 2 + (two_moments ? 2 : one_moment ? 1 : 0);  // values, gradients, moments
  const PassShape training{static_cast<int>(options.batch.longest_window()), options.batch.batch_size, true,
                           options.precision == "bf16", options.dropout};
  size_t bytes =
      sizeof(float) * copies * weights + packed_bytes(network, training) + workspace_bytes(network, training);
  // Evaluations, samples and a saved model's self-test read the weights in full precision.
  const PassShape evaluation{kEvaluationSteps, kEvaluationStreams, false, false, {}};
  if (training.rounded) bytes += packed_bytes(network, evaluation);
  if (evaluates) bytes += workspace_bytes(network, evaluation);
  return static_cast<int64_t>(bytes);
}

}  // namespace fude
