#include "train/spike_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace fude {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

SpikeGuard guard_with(double loss_spike, double grad_clip = 1) {
  TrainOptions options;
  options.loss_spike = loss_spike;
  options.grad_clip = grad_clip;
  options.rollbacks = 2;
  return SpikeGuard(options);
}

TEST(SpikeGuard, NotFinite_IsWrongEvenWhenItIsOff) {
  for (const double spike : {0.0, 20.0}) {
    const SpikeGuard guard = guard_with(spike);
    EXPECT_THAT(guard.fault(kNan, 1, 4), HasSubstr("the loss is not a finite number"));
    EXPECT_THAT(guard.fault(kInfinity, 1, 4), HasSubstr("the loss is not a finite number"));
    EXPECT_THAT(guard.fault(4, kNan, 4), HasSubstr("the gradient is not a finite number"));
    EXPECT_THAT(guard.fault_of_evaluation(kNan, 4, 4), HasSubstr("validation loss"));
  }
}

TEST(SpikeGuard, LossFarAboveTheRecentOne_IsWrong) {
  const SpikeGuard guard = guard_with(20);
  EXPECT_THAT(guard.fault(24, 1, 4), IsEmpty());
  EXPECT_EQ(guard.fault(24.5, 1, 4), "the loss of 24.5 is more than 20 above the recent 4");
  EXPECT_THAT(guard.fault(1000, 1, 0), IsEmpty());  // nothing is known yet
  EXPECT_THAT(guard.fault_of_evaluation(1000, kInfinity, 0), IsEmpty());
  EXPECT_THAT(guard.fault_of_evaluation(24, kInfinity, 4), IsEmpty());
  EXPECT_EQ(guard.fault_of_evaluation(24.5, kInfinity, 4),
            "the validation loss of 24.5 is more than 20 above the recent training loss, 4");
  EXPECT_THAT(guard.fault_of_evaluation(24, 4, 1), IsEmpty());
  EXPECT_EQ(guard.fault_of_evaluation(24.5, 4, 1), "the validation loss of 24.5 is more than 20 above the best, 4");
  EXPECT_THAT(guard_with(0).fault(1000, 1, 4), IsEmpty());
  EXPECT_THAT(guard_with(0).fault_of_evaluation(1000, 4, 4), IsEmpty());
}

TEST(SpikeGuard, GradientThatExplodes_IsWrongWithoutClipping) {
  SpikeGuard clipped = guard_with(20), plain = guard_with(20, 0), off = guard_with(0, 0);
  for (SpikeGuard* const guard : {&clipped, &plain, &off}) {
    EXPECT_THAT(guard->fault(4, 1e6, 4), IsEmpty());
    guard->on_good_step(2);
  }
  EXPECT_THAT(clipped.fault(4, 201, 4), IsEmpty());
  EXPECT_THAT(plain.fault(4, 200, 4), IsEmpty());
  EXPECT_EQ(plain.fault(4, 201, 4), "the gradient norm of 201 is more than 100 times the recent 2");
  EXPECT_THAT(off.fault(4, 201, 4), IsEmpty());
}

TEST(SpikeGuard, TenSkipsAmongAHundredSteps_AreTooMany) {
  SpikeGuard rare = guard_with(20), often = guard_with(20);
  for (int64_t step = 12; step < 1000; step += 12) EXPECT_FALSE(rare.on_skip(step)) << step;
  for (int64_t step = 10; step < 100; step += 10) EXPECT_FALSE(often.on_skip(step)) << step;
  EXPECT_TRUE(often.on_skip(100));
  EXPECT_EQ(often.state().skipped, 10);
  EXPECT_TRUE(often.has_skipped(100));
  EXPECT_FALSE(often.has_skipped(101));
}

TEST(SpikeGuard, EachReturn_HalvesTheRateUntilThereAreTooMany) {
  SpikeGuard guard = guard_with(20);
  guard.on_skip(1);
  EXPECT_EQ(guard.rate_share(), 1);
  EXPECT_TRUE(guard.on_rollback());
  EXPECT_THAT(guard.state().skips, IsEmpty());
  EXPECT_EQ(guard.rate_share(), 0.5);
  EXPECT_TRUE(guard.on_rollback());
  EXPECT_EQ(guard.rate_share(), 0.25);
  EXPECT_FALSE(guard.on_rollback());
  SpikeGuard other = guard_with(20);
  other.restore(guard.state());
  EXPECT_EQ(other.rate_share(), 0.25);
  EXPECT_EQ(other.state().skipped, 1);
}

}  // namespace
}  // namespace fude
