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
  std::vector<double> gates = {0.3, -0.2, 0.9, 0.1}, bias = {0.1, 0.2, -0.3, 0.4}, c = {0.7}, next_c(1), h(1);
  lstm_forward<double>(1, 1, bias.data(), nullptr, gates.data(), c.data(), next_c.data(), h.data());
  const double expected_c = sigmoid(0.0) * 0.7 + sigmoid(0.4) * std::tanh(0.6);
  EXPECT_NEAR(next_c[0], expected_c, 1e-15);
  EXPECT_NEAR(h[0], sigmoid(0.5) * std::tanh(expected_c), 1e-15);
}

TEST(GruForward, OneUnit_FollowsTheDefinition) {
  std::vector<double> x = {0.3, -0.2, 0.9}, products = {0.5, 0.6, -0.7}, bias_x = {0.1, 0.2, -0.3},
                      bias_h = {0.4, 0, 0.2};
  std::vector<double> h = {0.7}, next(1);
  gru_forward<double>(1, 1, bias_x.data(), bias_h.data(), nullptr, x.data(), products.data(), h.data(), next.data());
  const double r = sigmoid(0.3 + 0.1 + 0.5 + 0.4), z = sigmoid(-0.2 + 0.2 + 0.6);
  const double n = std::tanh(0.9 - 0.3 + r * (-0.7 + 0.2));
  EXPECT_NEAR(next[0], (1 - z) * n + z * 0.7, 1e-15);
}

TEST(Cells, ExtremeInputs_StayFinite) {
  std::vector<float> gates = {200, -200, 1e30f, -1e30f, 90, 90, -90, 1e4f}, bias(8, 0), c = {50, -50}, next_c(2), h(2);
  lstm_forward<float>(1, 2, bias.data(), nullptr, gates.data(), c.data(), next_c.data(), h.data());
  for (const float value : gates) EXPECT_TRUE(std::isfinite(value));
  for (const float value : h) EXPECT_TRUE(std::isfinite(value) && std::abs(value) <= 1);
}

TEST(SoftmaxLoss, KnownRow_GivesItsNats) {
  const std::vector<double> logits = {std::log(1.0), std::log(2.0), std::log(5.0), 1000, 0, 0};
  const std::vector<int32_t> targets = {1, -1};
  std::vector<double> log_norm(2), loss(2);
  EXPECT_NEAR(softmax_loss<double>(2, 3, logits.data(), targets.data(), log_norm.data(), loss.data()), std::log(4.0),
              1e-14);
  EXPECT_NEAR(log_norm[1], 1000, 1e-9);
  EXPECT_EQ(loss[1], 0);
}

TEST(SoftmaxLoss, Backward_IsProbabilityMinusTarget) {
  std::vector<double> logits = {std::log(1.0), std::log(2.0), std::log(5.0), 3, 3, 3};
  const std::vector<int32_t> targets = {1, -1};
  const std::vector<double> log_norm = {std::log(8.0), 0};
  softmax_loss_backward<double>(2, 3, logits.data(), targets.data(), log_norm.data(), 2.0);
  const std::vector<double> expected = {0.25, 0.5 - 2, 1.25, 0, 0, 0};
  for (size_t k = 0; k < 6; ++k) EXPECT_NEAR(logits[k], expected[k], 1e-14);
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
  add_column_sums<double>({matrix.data(), 2, 3}, sums.data());
  EXPECT_EQ(sums, (std::vector<double>{15, 27, 39}));
}

}  // namespace
}  // namespace fude
