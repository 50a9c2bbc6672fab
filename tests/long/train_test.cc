// A run of many steps takes no more memory in the end than in the beginning, and still knows what it learned.
#include <cmath>

#include "base/memory.h"
#include "long/long_run.h"
#include "train/small_run.h"

namespace fude {
namespace {

constexpr int64_t kMebibyte = int64_t{1} << 20;

TEST(LongTraining, ManySteps_TakeNoMoreMemoryAndDoNotDrift) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.epochs = 0;
  options.steps = length(3000, 100'000);
  options.eval_every = options.steps / 100;
  options.optimizer.lr = 1e-3;
  options.schedule.kind = "constant";
  options.val_frac = 0;  // no figure to overfit: the training loss falls until it cannot
  FlatMemory memory(options.steps);
  double middle = 0, last = 0;
  TrainEvents events;
  events.on_progress = [&](const TrainProgress& progress) {
    memory.look(progress.step % 50 == 0 ? resident_bytes() : 0);
  };
  events.on_evaluation = [&](const EvaluationRecord& record) {
    ASSERT_TRUE(std::isfinite(record.train_loss)) << record.step;
    ASSERT_TRUE(std::isfinite(record.grad_norm)) << record.step;
    if (record.step == options.steps / 2) middle = record.train_loss;
    last = record.train_loss;
  };
  events.sampler = [](const LanguageModel&, uint64_t, int tokens) {
    return std::string(static_cast<size_t>(tokens), '.');
  };
  train(options, events);
  EXPECT_LT(last, middle + 0.05);
  expect_less_memory(memory.growth(), 2 * kMebibyte);
}

TEST(LongTraining, RunsOneAfterTheOther_LeaveNothingBehind) {
  FlatMemory memory(length(12, 400));
  for (int64_t run = 0; run < length(12, 400); ++run) {
    const TempDir dir;
    TrainOptions options = small_run(dir);
    options.steps = 5;
    train(options);
    resume_training(options.out, {.steps = 8});
    memory.look(resident_bytes());
  }
  expect_less_memory(memory.growth(), 2 * kMebibyte);
}

}  // namespace
}  // namespace fude
