#include "train/plan.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

int64_t full_windows(const BatchOptions& batch, int64_t tokens) {
  return (tokens - 1) / (int64_t{batch.batch_size} * batch.seq_length);
}

TEST(FitBatch, LongText_KeepsWhatWasAsked) {
  const BatchOptions fitted = fit_batch({.batch_size = 32, .seq_length = 128}, 1'000'000);
  EXPECT_EQ(fitted.batch_size, 32);
  EXPECT_EQ(fitted.seq_length, 128);
}

TEST(FitBatch, FewSteps_HalvesStreamsDownToSixteen) {
  EXPECT_EQ(fit_batch({.batch_size = 32, .seq_length = 64}, 78'000).batch_size, 16);
  EXPECT_EQ(fit_batch({.batch_size = 64, .seq_length = 64}, 78'000).batch_size, 16);
  EXPECT_EQ(fit_batch({.batch_size = 24, .seq_length = 64}, 78'000).batch_size, 24);
  EXPECT_EQ(fit_batch({.batch_size = 32, .least_steps = 0, .seq_length = 64}, 78'000).batch_size, 32);
}

TEST(FitBatch, ShortText_GivesTenStepsAnEpoch) {
  for (const int64_t tokens : {30'000, 5'000, 700, 60, 11}) {
    const BatchOptions fitted = fit_batch({.batch_size = 32, .seq_length = 128, .stride = 64}, tokens);
    EXPECT_GE(full_windows(fitted, tokens), 10) << tokens;
    EXPECT_NO_THROW(fitted.validate()) << tokens;
  }
}

TEST(FitBatch, ShortText_GivesUpStreamsFirst) {
  const BatchOptions fitted = fit_batch({.batch_size = 32, .seq_length = 128}, 12'000);
  EXPECT_EQ(fitted.batch_size, 8);
  EXPECT_EQ(fitted.seq_length, 128);
}

TEST(FitBatch, TwoTokens_LeavesOneOfEach) {
  const BatchOptions fitted = fit_batch({.batch_size = 32, .seq_length = 128}, 2);
  EXPECT_EQ(fitted.batch_size, 1);
  EXPECT_EQ(fitted.seq_length, 1);
}

TEST(PlanRun, EpochsAndSteps_TheFirstLimitCounts) {
  TrainOptions options;
  options.epochs = 2.5;
  EXPECT_EQ(plan_run(options, 10).total_steps, 25);
  options.steps = 7;
  EXPECT_EQ(plan_run(options, 10).total_steps, 7);
  options.epochs = 0;
  options.steps = 0;
  EXPECT_EQ(plan_run(options, 10).total_steps, 0);
}

TEST(PlanRun, EvalEvery_IsAnEpochWithinReason) {
  TrainOptions options;
  options.epochs = 20;
  EXPECT_EQ(plan_run(options, 10).eval_every, 10);
  options.epochs = 1;
  EXPECT_EQ(plan_run(options, 100).eval_every, 20);  // five times a run
  options.epochs = 1000;
  EXPECT_EQ(plan_run(options, 10).eval_every, 100);  // a hundred times a run
  options.eval_every = 3;
  EXPECT_EQ(plan_run(options, 10).eval_every, 3);
}

TEST(EstimateMemory, Estimate_CountsWeightsAndWindow) {
  TrainOptions options;
  options.network = {.vocab_size = 100, .embed_size = 8, .hidden_size = 16, .num_layers = 1};
  options.batch.batch_size = options.batch.seq_length = 1;
  const int64_t weights = 100 * 8 + 4 * 16 * (8 + 16 + 2) + 100 * 16 + 100;
  EXPECT_GT(estimate_memory(options, false), 4 * 5 * weights);
  EXPECT_LT(estimate_memory(options, false), 4 * 6 * weights + 10'000);
  EXPECT_GT(estimate_memory(options, true), estimate_memory(options, false));
  const int64_t adamw = estimate_memory(options, false);
  options.optimizer.kind = "sgd";
  EXPECT_EQ(adamw - estimate_memory(options, false), 2 * 4 * weights);
}

TEST(EstimateMemory, RandomLengths_CountAsTheLongest) {
  TrainOptions options;
  options.network = {.vocab_size = 100, .embed_size = 8, .hidden_size = 16, .num_layers = 1};
  options.batch = {.batch_size = 8, .seq_length = 10, .random_length = true};
  const int64_t drawn = estimate_memory(options, false);
  options.batch = {.batch_size = 8, .seq_length = 30};
  EXPECT_EQ(drawn, estimate_memory(options, false));
}

}  // namespace
}  // namespace fude
