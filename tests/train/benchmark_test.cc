#include "fude/train/benchmark.h"

#include <gtest/gtest.h>

#include "fude/base/error.h"

namespace fude {
namespace {

TEST(TrainingFlops, CountsMultiplicationsOfEveryProduct) {
  NetworkConfig config;
  config.vocab_size = 10;
  config.embed_size = 3;
  config.hidden_size = 5;
  config.num_layers = 2;
  // Layers 4·5·(3+5) and 4·5·(5+5), output 5·10; two operations each, three passes.
  EXPECT_DOUBLE_EQ(training_flops(config), 6 * (160 + 200 + 50));
  config.cell = CellKind::kGru;
  EXPECT_DOUBLE_EQ(training_flops(config), 6 * (120 + 150 + 50));
  config.cell = CellKind::kRnn;
  config.tied = true;  // a projection 5·3 before an output of 3·10
  EXPECT_DOUBLE_EQ(training_flops(config), 6 * (40 + 50 + 15 + 30));
}

TEST(MeasureTraining, TinyCase_FiguresAgree) {
  TrainingCase tiny = training_cases().front();
  tiny.network.hidden_size = tiny.network.embed_size = 8;
  tiny.batch_size = 4;
  tiny.steps = 3;
  const TrainingSpeed speed = measure_training(tiny, 0);
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
