#include "train/schedule.h"

#include <gtest/gtest.h>

#include <string>

#include "model/safetensors.h"

namespace fude {
namespace {

constexpr double kPeak = 0.5;

ScheduleOptions without_warmup(const std::string& kind) {
  ScheduleOptions options;
  options.kind = kind;
  options.warmup_steps = 0;
  options.final_fraction = 0;
  return options;
}

TEST(Schedule, Plateau_EqualsPytorch) {
  const SafetensorsFile file(std::string(FUDE_GOLDEN_DIR) + "/optimizers/sched_plateau.safetensors");
  const auto losses = file.at("val_loss").values<double>("val_loss");
  const auto rates = file.at("lr").values<double>("lr");
  ScheduleOptions options = without_warmup("plateau");  // the settings stand in the file's metadata
  options.factor = 0.5;
  options.patience = 2;
  options.threshold = 1e-4;
  options.min_lr = 1e-5;
  Schedule schedule(options, rates.front(), {});
  for (size_t k = 0; k < losses.size(); ++k) {
    schedule.on_evaluation(losses[k]);
    EXPECT_NEAR(schedule.rate(static_cast<int64_t>(k), 0), rates[k], 1e-15) << "evaluation " << k;
  }
  EXPECT_LT(rates.back(), rates.front());
}

TEST(Schedule, PlateauRestored_GoesOn) {
  ScheduleOptions options = without_warmup("plateau");
  options.patience = 1;
  Schedule straight(options, kPeak, {}), first(options, kPeak, {}), second(options, kPeak, {});
  for (Schedule* const schedule : {&straight, &first}) {
    for (const double loss : {1.0, 1.0}) schedule->on_evaluation(loss);
  }
  second.set_plateau(first.plateau());
  for (Schedule* const schedule : {&straight, &second}) schedule->on_evaluation(1.0);
  EXPECT_EQ(straight.rate(3, 0), kPeak / 2);
  EXPECT_EQ(second.rate(3, 0), kPeak / 2);
}

TEST(Schedule, Cosine_FallsFromPeakToItsFinalShare) {
  ScheduleOptions options = without_warmup("cosine");
  options.final_fraction = 0.1;
  const Schedule schedule(options, kPeak, {.total_steps = 100});
  EXPECT_DOUBLE_EQ(schedule.rate(0, 0), kPeak);
  EXPECT_NEAR(schedule.rate(50, 0), kPeak * 0.55, 1e-12);
  EXPECT_NEAR(schedule.rate(100, 0), kPeak * 0.1, 1e-12);
  EXPECT_NEAR(schedule.rate(1000, 0), kPeak * 0.1, 1e-12);
}

TEST(Schedule, Linear_FallsEvenly) {
  ScheduleOptions options = without_warmup("linear");
  const Schedule schedule(options, kPeak, {.total_steps = 10});
  for (int step = 0; step < 10; ++step) EXPECT_NEAR(schedule.rate(step, 0), kPeak * (10 - step) / 10, 1e-12);
}

TEST(Schedule, Warmup_RisesToThePeakAndDelaysTheFall) {
  ScheduleOptions options = without_warmup("linear");
  options.warmup_steps = 4;
  const Schedule schedule(options, kPeak, {.total_steps = 104});
  EXPECT_DOUBLE_EQ(schedule.rate(0, 0), kPeak / 4);
  EXPECT_DOUBLE_EQ(schedule.rate(3, 0), kPeak);
  EXPECT_DOUBLE_EQ(schedule.rate(4, 0), kPeak);
  EXPECT_DOUBLE_EQ(schedule.rate(54, 0), kPeak / 2);
}

TEST(Schedule, WarmupOfAShortRun_TakesATenthOfIt) {
  ScheduleOptions options = without_warmup("constant");
  options.warmup_steps = 1000;
  const Schedule schedule(options, kPeak, {.total_steps = 20});
  EXPECT_DOUBLE_EQ(schedule.rate(0, 0), kPeak / 2);
  EXPECT_DOUBLE_EQ(schedule.rate(1, 0), kPeak);
  EXPECT_DOUBLE_EQ(Schedule(options, kPeak, {}).rate(0, 0), kPeak / 1000);
}

TEST(Schedule, Time_CountsWhereItIsFurtherThanSteps) {
  ScheduleOptions options = without_warmup("linear");
  const Schedule by_both(options, kPeak, {.total_steps = 10});
  EXPECT_DOUBLE_EQ(by_both.rate(5, 0.25), kPeak / 2);
  EXPECT_DOUBLE_EQ(by_both.rate(0, 0.75), kPeak / 4);
  const Schedule by_time(options, kPeak, {});
  EXPECT_DOUBLE_EQ(by_time.rate(1'000'000, 0.5), kPeak / 2);
  EXPECT_DOUBLE_EQ(by_time.rate(0, 1.5), 0);
}

TEST(Schedule, Step_CutsEachTimeItsSizeIsReached) {
  ScheduleOptions options = without_warmup("step");
  options.factor = 0.1;
  options.step_size = 3;
  const Schedule by_steps(options, kPeak, {.steps_per_epoch = 5});
  EXPECT_DOUBLE_EQ(by_steps.rate(2, 0), kPeak);
  EXPECT_DOUBLE_EQ(by_steps.rate(3, 0), kPeak * 0.1);
  options.step_size = 0;
  const Schedule by_epochs(options, kPeak, {.steps_per_epoch = 5});
  EXPECT_DOUBLE_EQ(by_epochs.rate(4, 0), kPeak);
  EXPECT_NEAR(by_epochs.rate(10, 0), kPeak * 0.01, 1e-15);
}

TEST(Schedule, Constant_StaysAtThePeak) {
  ScheduleOptions options = without_warmup("constant");
  const Schedule schedule(options, kPeak, {.total_steps = 10});
  for (const int64_t step : {0, 5, 100}) EXPECT_EQ(schedule.rate(step, 0.9), kPeak);
}

}  // namespace
}  // namespace fude
