#include "fude/generate/benchmark.h"

#include <gtest/gtest.h>

#include "fude/base/error.h"

namespace fude {
namespace {

NetworkConfig small_network() {
  NetworkConfig config;
  config.vocab_size = 11;
  config.embed_size = config.hidden_size = 8;
  return config;
}

TEST(MeasureWriting, FiguresAgree) {
  for (const int streams : {1, 3}) {
    const Speed speed = measure_writing(small_network(), streams, 0);
    EXPECT_GT(speed.seconds, 0);
    EXPECT_NEAR(speed.tokens_per_second * speed.seconds, streams, 1e-9);
    EXPECT_NEAR(speed.gflops * 1e9 / speed.tokens_per_second, forward_flops(small_network()), 1e-3);
  }
}

TEST(MeasureWriting, NoStreams_IsAConfigError) {
  EXPECT_THROW(measure_writing(small_network(), 0, 0), ConfigError);
  NetworkConfig none = small_network();
  none.num_layers = 0;
  EXPECT_THROW(measure_writing(none, 1, 0), ConfigError);
}

}  // namespace
}  // namespace fude
