#include "fude/train/benchmark.h"

#include <gtest/gtest.h>

#include "fude/base/error.h"

namespace fude {
namespace {

TEST(TrainingFlops, AreThreePasses) {
  const NetworkConfig& config = training_cases().front().network;
  EXPECT_DOUBLE_EQ(training_flops(config), 3 * forward_flops(config));
}

TEST(MeasureTraining, TinyCase_FiguresAgree) {
  TrainingCase tiny = training_cases().front();
  tiny.network.hidden_size = tiny.network.embed_size = 8;
  tiny.batch_size = 4;
  tiny.steps = 3;
  const Speed speed = measure_training(tiny, 0);
  EXPECT_GT(speed.seconds, 0);
  EXPECT_NEAR(speed.tokens_per_second * speed.seconds, 12, 1e-9);
  EXPECT_NEAR(speed.gflops * 1e9, speed.tokens_per_second * training_flops(tiny.network), 1e-3 * speed.gflops * 1e9);
}

TEST(MeasureTraining, NoRows_IsAConfigError) {
  TrainingCase none = training_cases().front();
  none.batch_size = 0;
  EXPECT_THROW(measure_training(none, 0), ConfigError);
}

TEST(MeasureProductPeak, IsPositive) { EXPECT_GT(measure_product_peak(0), 0); }

}  // namespace
}  // namespace fude
