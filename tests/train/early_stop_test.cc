#include "train/early_stop.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(EarlyStop, NoGainForPatience_IsExhausted) {
  EarlyStop stop(2);
  EXPECT_TRUE(stop.is_best(3.0));
  EXPECT_FALSE(stop.is_best(3.0));
  EXPECT_FALSE(stop.exhausted());
  EXPECT_FALSE(stop.is_best(3.5));
  EXPECT_TRUE(stop.exhausted());
  EXPECT_EQ(stop.best(), 3.0);
}

TEST(EarlyStop, Gain_StartsCountingAnew) {
  EarlyStop stop(2);
  stop.is_best(3.0);
  stop.is_best(4.0);
  EXPECT_TRUE(stop.is_best(2.0));
  EXPECT_EQ(stop.bad(), 0);
  stop.is_best(4.0);
  EXPECT_FALSE(stop.exhausted());
}

TEST(EarlyStop, PatienceOff_NeverExhausts) {
  EarlyStop stop(0);
  for (int k = 0; k < 100; ++k) stop.is_best(1.0);
  EXPECT_FALSE(stop.exhausted());
}

TEST(EarlyStop, Restored_GoesOnCounting) {
  EarlyStop stop(2);
  stop.restore(1.0, 1);
  EXPECT_FALSE(stop.is_best(1.5));
  EXPECT_TRUE(stop.exhausted());
}

}  // namespace
}  // namespace fude
