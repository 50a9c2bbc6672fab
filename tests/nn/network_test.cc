#include "nn/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "nn/workspace.h"

namespace fude {
namespace {

NetworkConfig small_config(CellKind cell) {
  return {.cell = cell, .vocab_size = 7, .embed_size = 5, .hidden_size = 6, .num_layers = 2};
}

class EachCell : public testing::TestWithParam<CellKind> {};

TEST_P(EachCell, TwoWindows_EqualOneWindow) {
  Network<double> network(small_config(GetParam()));
  network.initialize(1);
  const std::vector<int32_t> inputs = {1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5},
                             targets = {2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6};
  Workspace<double> workspace;
  NetworkState<double> whole = network.make_state(2), parts = network.make_state(2);
  const double at_once =
      network.forward({6, 2, inputs.data(), targets.data(), nullptr}, whole, Logits::kNone, workspace);
  double in_parts = network.forward({4, 2, inputs.data(), targets.data(), nullptr}, parts, Logits::kNone, workspace);
  in_parts += network.forward({2, 2, inputs.data() + 8, targets.data() + 8, nullptr}, parts, Logits::kNone, workspace);
  EXPECT_NEAR(at_once, in_parts, 1e-12);
  for (size_t k = 0; k < whole.h.size(); ++k) EXPECT_NEAR(whole.h[k], parts.h[k], 1e-12);
  for (size_t k = 0; k < whole.c.size(); ++k) EXPECT_NEAR(whole.c[k], parts.c[k], 1e-12);
}

TEST_P(EachCell, Carry_IsTheStateAfterThatManySteps) {
  Network<double> network(small_config(GetParam()));
  network.initialize(1);
  const std::vector<int32_t> inputs = {1, 2, 3, 4, 5};
  Workspace<double> workspace;
  NetworkState<double> early = network.make_state(1), exact = network.make_state(1);
  const Window window{5, 1, inputs.data(), inputs.data(), nullptr};
  network.forward_backward(window, early, {.carry = 2}, workspace);
  network.forward({2, 1, inputs.data(), nullptr, nullptr}, exact, Logits::kNone, workspace);
  EXPECT_EQ(early.h, exact.h);
  EXPECT_EQ(early.c, exact.c);
}

TEST_P(EachCell, Reset_ForgetsAllBefore) {
  Network<double> network(small_config(GetParam()));
  network.initialize(1);
  const std::vector<int32_t> inputs = {1, 2, 3, 4}, tail = {3, 4};
  const std::vector<uint8_t> reset = {0, 0, 1, 0};
  Workspace<double> workspace;
  NetworkState<double> cut = network.make_state(1), fresh = network.make_state(1);
  network.forward({4, 1, inputs.data(), nullptr, reset.data()}, cut, Logits::kNone, workspace);
  network.forward({2, 1, tail.data(), nullptr, nullptr}, fresh, Logits::kNone, workspace);
  EXPECT_EQ(cut.h, fresh.h);
  EXPECT_EQ(cut.c, fresh.c);
}

TEST_P(EachCell, Step_EqualsForward) {
  Network<double> network(small_config(GetParam()));
  network.initialize(1);
  const std::vector<int32_t> inputs = {1, 2, 3};
  Workspace<double> workspace, other;
  NetworkState<double> whole = network.make_state(1), stepped = network.make_state(1);
  network.forward({3, 1, inputs.data(), nullptr, nullptr}, whole, Logits::kAll, workspace);
  std::vector<double> logits(7);
  for (const int32_t id : inputs) network.step({&id, 1}, stepped, logits, other);
  for (size_t k = 0; k < logits.size(); ++k) EXPECT_NEAR(logits[k], workspace.logits[2 * 7 + k], 1e-12);
}

TEST_P(EachCell, SampledSoftmaxOfAllSymbols_IsTheFullOne) {
  Network<double> network(small_config(GetParam()));
  network.initialize(1);
  const std::vector<int32_t> inputs = {1, 2, 3, 4, 5}, targets = {2, 3, -1, 5, 6}, all = {0, 1, 2, 3, 4, 5, 6};
  const std::vector<double> certain(7, 0.0);
  const Window window{5, 1, inputs.data(), targets.data(), nullptr};
  Workspace<double> workspace;
  auto state = network.make_state(1);
  const double full = network.forward_backward(window, state, {}, workspace);
  const std::vector<double> grads(network.parameters().grads().begin(), network.parameters().grads().end());
  state.clear();
  EXPECT_NEAR(network.forward_backward(window, state, {.candidates = {all, certain}}, workspace), full, 1e-12);
  for (size_t k = 0; k < grads.size(); ++k) EXPECT_NEAR(network.parameters().grads()[k], grads[k], 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Cells, EachCell, testing::Values(CellKind::kLstm, CellKind::kGru, CellKind::kRnn),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST(Initialize, Orthogonal_BlocksHaveOrthonormalRows) {
  Network<double> network(small_config(CellKind::kLstm));
  network.initialize(4);
  const auto weights = network.parameters().value("rnn.weight_hh_l1");
  for (int gate = 0; gate < 4; ++gate)
    for (int a = 0; a < 6; ++a)
      for (int b = 0; b < 6; ++b) {
        const double* const block = weights.data() + gate * 36;
        EXPECT_NEAR(std::inner_product(block + a * 6, block + a * 6 + 6, block + b * 6, 0.0), a == b ? 1.0 : 0.0,
                    1e-12);
      }
}

TEST(Initialize, ForgetBias_IsAddedOnce) {
  Network<float> with(small_config(CellKind::kLstm)), without(small_config(CellKind::kLstm));
  with.initialize(4, {.orthogonal = true, .forget_bias = 1.5});
  without.initialize(4, {.orthogonal = true, .forget_bias = 0});
  const auto a = with.parameters().value("rnn.bias_ih_l0"), b = without.parameters().value("rnn.bias_ih_l0");
  for (size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k] - b[k], k >= 6 && k < 12 ? 1.5 : 0.0, 1e-6);
}

TEST(Initialize, Seed_DecidesEveryWeight) {
  Network<float> a(small_config(CellKind::kGru)), b(small_config(CellKind::kGru)), c(small_config(CellKind::kGru));
  a.initialize(4);
  b.initialize(4);
  c.initialize(5);
  EXPECT_TRUE(std::ranges::equal(a.parameters().values(), b.parameters().values()));
  EXPECT_FALSE(std::ranges::equal(a.parameters().values(), c.parameters().values()));
}

TEST(NetworkConfig, OutOfRange_EveryProblemIsNamed) {
  const NetworkConfig config{.vocab_size = 1, .embed_size = 0, .hidden_size = -3, .num_layers = 9};
  try {
    config.validate();
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    const std::string message = error.what();
    for (const char* const name : {"vocab_size", "embed_size", "hidden_size", "num_layers"})
      EXPECT_NE(message.find(name), std::string::npos) << message;
  }
}

// Learns to repeat a sequence of symbols after a delay, from a zero state: what needs a memory over many steps.
double copy_task_loss(CellKind cell) {
  constexpr int kSymbols = 4, kLength = 3, kDelay = 20, kBatch = 32, kSteps = 1200;
  constexpr int kWindow = kLength + kDelay + kLength;
  Network<float> network(
      {.cell = cell, .vocab_size = kSymbols + 2, .embed_size = 8, .hidden_size = 32, .num_layers = 1});
  // The plain start for all three: an orthogonal recurrence would hand the plain RNN a memory for nothing.
  network.initialize(1, {.orthogonal = false, .forget_bias = 3});
  Workspace<float> workspace;
  Random random(2);
  const size_t parameters = network.parameters().values().size();
  std::vector<double> first(parameters, 0), second(parameters, 0);
  std::vector<int32_t> inputs(kWindow * kBatch), targets(kWindow * kBatch);
  double recent = 0;
  for (int step = 1; step <= kSteps; ++step) {
    for (int row = 0; row < kBatch; ++row) {
      for (int t = 0; t < kWindow; ++t) {
        int32_t& input = inputs[t * kBatch + row];
        int32_t& target = targets[t * kBatch + row];
        target = -1;
        // Symbols first, then blanks, then a mark for each symbol that has to come back.
        input = t < kLength            ? static_cast<int32_t>(random.below(kSymbols))
                : t < kLength + kDelay ? kSymbols
                                       : kSymbols + 1;
        if (t >= kLength + kDelay) target = inputs[(t - kLength - kDelay) * kBatch + row];
      }
    }
    auto state = network.make_state(kBatch);
    const Window window{kWindow, kBatch, inputs.data(), targets.data(), nullptr};
    const double loss =
        network.forward_backward(window, state, {.scale = 1.0f / (kLength * kBatch)}, workspace) / (kLength * kBatch);
    auto values = network.parameters().values();
    auto grads = network.parameters().grads();
    double norm = 0;
    for (const float grad : grads) norm += static_cast<double>(grad) * grad;
    const double clip = std::min(1.0, 1.0 / (std::sqrt(norm) + 1e-6));
    for (size_t k = 0; k < parameters; ++k) {
      const double grad = grads[k] * clip;
      first[k] = 0.9 * first[k] + 0.1 * grad;
      second[k] = 0.99 * second[k] + 0.01 * grad * grad;
      values[k] -= static_cast<float>(0.01 * first[k] / (1 - std::pow(0.9, step)) /
                                      (std::sqrt(second[k] / (1 - std::pow(0.99, step))) + 1e-8));
    }
    if (step > kSteps - 20) recent += loss / 20;
  }
  return recent;
}

TEST(CopyTask, Lstm_Learns) { EXPECT_LT(copy_task_loss(CellKind::kLstm), 0.25); }
TEST(CopyTask, Gru_Learns) { EXPECT_LT(copy_task_loss(CellKind::kGru), 0.25); }
// Chance is ln 4 = 1.39 nats.
TEST(CopyTask, PlainRnn_DoesNot) { EXPECT_GT(copy_task_loss(CellKind::kRnn), 0.4); }

}  // namespace
}  // namespace fude
