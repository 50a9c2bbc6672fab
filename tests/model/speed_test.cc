#include "fude/model/speed.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(ForwardFlops, CountsMultiplicationsOfEveryProduct) {
  NetworkConfig config;
  config.vocab_size = 10;
  config.embed_size = 3;
  config.hidden_size = 5;
  config.num_layers = 2;
  // Layers 4·5·(3+5) and 4·5·(5+5), output 5·10; two operations each.
  EXPECT_DOUBLE_EQ(forward_flops(config), 2 * (160 + 200 + 50));
  config.cell = CellKind::kGru;
  EXPECT_DOUBLE_EQ(forward_flops(config), 2 * (120 + 150 + 50));
  config.cell = CellKind::kRnn;
  config.tied = true;  // a projection 5·3 before an output of 3·10
  EXPECT_DOUBLE_EQ(forward_flops(config), 2 * (40 + 50 + 15 + 30));
}

}  // namespace
}  // namespace fude
