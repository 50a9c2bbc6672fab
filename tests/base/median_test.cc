#include "base/median.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(Median, IsTheMiddleOne) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({9, 1, 5, 7}), 7);
}

TEST(MedianSeconds, NoTime_CallsThreeTimesAfterWarmingUp) {
  int calls = 0;
  EXPECT_GE(median_seconds(0, [&] { ++calls; }), 0);
  EXPECT_EQ(calls, 4);
}

}  // namespace
}  // namespace fude
