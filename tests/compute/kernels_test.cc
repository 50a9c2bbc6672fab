#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "compute/kernels/cells.h"
#include "compute/kernels/pointwise.h"
#include "compute/kernels/softmax.h"

namespace fude {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(LstmForward, OneUnit_FollowsTheDefinition) {
  const std::vector<double> products = {0.3, -0.2, 0.9, 0.1}, bias = {0.1, 0.2, -0.3, 0.4}, c = {0.7};
  std::vector<double> gates(4), next_c(1), state(1), dst(1), entering(1);
  const std::vector<double> mask = {2.5};
  cell_forward({1, 1, 1, 1},
               LstmForward<double>{
                   .products = products.data(),
                   .bias = bias.data(),
                   .src_c = c.data(),
                   .dst_c = next_c.data(),
                   .gates = gates.data(),
                   .h = {.state = state.data(), .dst = dst.data(), .entering = entering.data(), .mask = mask.data()}});
  const double expected_c = sigmoid(0.0) * 0.7 + sigmoid(0.4) * std::tanh(0.6);
  const double expected_h = sigmoid(0.5) * std::tanh(expected_c);
  EXPECT_NEAR(gates[1], 0.5, 1e-15);
  EXPECT_NEAR(next_c[0], expected_c, 1e-15);
  EXPECT_NEAR(state[0], expected_h, 1e-15);
  EXPECT_NEAR(dst[0], expected_h, 1e-15);
  EXPECT_NEAR(entering[0], 2.5 * expected_h, 1e-15);
}

TEST(GruForward, OneUnit_FollowsTheDefinition) {
  const std::vector<double> x = {0.3, -0.2, 0.9}, products = {0.5, 0.6, -0.7}, bias_x = {0.1, 0.2, -0.3},
                            bias_h = {0.4, 0, 0.2};
  std::vector<double> gates(3), state_n(1), state = {0.7}, dst(1);
  cell_forward({1, 1, 1, 1}, GruForward<double>{.products_x = x.data(),
                                                .products_h = products.data(),
                                                .bias_x = bias_x.data(),
                                                .bias_h = bias_h.data(),
                                                .gates = gates.data(),
                                                .state_n = state_n.data(),
                                                .h = {.state = state.data(), .dst = dst.data()}});
  const double r = sigmoid(0.3 + 0.1 + 0.5 + 0.4), z = sigmoid(-0.2 + 0.2 + 0.6);
  const double n = std::tanh(0.9 - 0.3 + r * (-0.7 + 0.2));
  EXPECT_NEAR(state[0], (1 - z) * n + z * 0.7, 1e-15);
  EXPECT_EQ(dst[0], state[0]);
}

TEST(Cells, ExtremeInputs_StayFinite) {
  const std::vector<float> products = {200, -200, 1e30f, -1e30f, 90, 90, -90, 1e4f}, bias(8, 0), c = {50, -50};
  std::vector<float> gates(8), next_c(2), state(2), dst(2);
  cell_forward({1, 2, 2, 2}, LstmForward<float>{.products = products.data(),
                                                .bias = bias.data(),
                                                .src_c = c.data(),
                                                .dst_c = next_c.data(),
                                                .gates = gates.data(),
                                                .h = {.state = state.data(), .dst = dst.data()}});
  for (const float value : gates) EXPECT_TRUE(std::isfinite(value));
  for (const float value : dst) EXPECT_TRUE(std::isfinite(value) && std::abs(value) <= 1);
}

TEST(SoftmaxLoss, KnownRow_GivesItsNats) {
  const std::vector<double> logits = {std::log(1.0), std::log(2.0), std::log(5.0), 1000, 0, 0};
  const std::vector<int32_t> targets = {1, -1};
  std::vector<double> loss(2);
  softmax_loss<double>(2, 3, logits.data(), targets.data(), loss.data());
  EXPECT_NEAR(loss[0], std::log(4.0), 1e-14);
  EXPECT_EQ(loss[1], 0);
}

TEST(SoftmaxLoss, Gradient_IsProbabilityMinusTarget) {
  std::vector<double> logits = {std::log(1.0), std::log(2.0), std::log(2.5), 3, 3, 3}, loss(2);
  const std::vector<double> bias = {0, 0, std::log(2.0)};
  const std::vector<int32_t> targets = {1, -1};
  softmax_loss_gradient<double, double>(2, 3, logits.data(), bias.data(), targets.data(), 2.0, loss.data(),
                                        logits.data());
  const std::vector<double> expected = {0.25, 0.5 - 2, 1.25, 0, 0, 0};
  for (size_t k = 0; k < 6; ++k) EXPECT_NEAR(logits[k], expected[k], 1e-14);
  EXPECT_NEAR(loss[0], std::log(4.0), 1e-14);
  EXPECT_EQ(loss[1], 0);
}

TEST(DropoutMask, Share_IsKeptAndScaled) {
  std::vector<float> mask(100000);
  fill_dropout_mask<float>(0.25, 7, 3, 0, mask.size(), mask.data());
  size_t dropped = 0;
  for (const float value : mask) {
    if (value == 0)
      ++dropped;
    else
      EXPECT_FLOAT_EQ(value, 1 / 0.75f);
  }
  EXPECT_NEAR(static_cast<double>(dropped) / mask.size(), 0.25, 0.006);
}

TEST(DropoutMask, Stream_DecidesIt) {
  std::vector<float> a(64), b(64), c(64), whole(13);
  fill_dropout_mask<float>(0.5, 7, 3, 0, 64, a.data());
  fill_dropout_mask<float>(0.5, 7, 3, 0, 64, b.data());
  fill_dropout_mask<float>(0.5, 7, 4, 0, 64, c.data());
  fill_dropout_mask<float>(0.5, 7, 3, 0, 13, whole.data());
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_TRUE(std::equal(whole.begin(), whole.end(), a.begin()));
}

TEST(DropoutMask, NearlyOne_StaysFinite) {
  std::vector<float> mask(1000);
  fill_dropout_mask<float>(0.9999999, 1, 1, 0, mask.size(), mask.data());
  for (const float value : mask) EXPECT_TRUE(std::isfinite(value));
}

TEST(AddColumnSums, Rows_AreAdded) {
  const std::vector<double> matrix = {1, 2, 3, 4, 5, 6};
  std::vector<double> sums = {10, 20, 30};
  add_column_sums(MatrixView<const double>(matrix.data(), 2, 3), sums.data());
  EXPECT_EQ(sums, (std::vector<double>{15, 27, 39}));
}

}  // namespace
}  // namespace fude
