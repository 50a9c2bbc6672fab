// The vectorized float kernels against the plain double ones, on lengths that leave every kind of rest.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "compute/kernels/cells.h"
#include "compute/kernels/optimizer.h"
#include "compute/kernels/pointwise.h"
#include "compute/kernels/softmax.h"
#include "fude/base/random.h"
#include "fude/nn/config.h"

namespace fude {
namespace {

constexpr int kLengths[] = {1, 3, 4, 5, 16, 31, 64, 75};

// The same random numbers in both precisions.
struct Numbers {
  std::vector<float> f;
  std::vector<double> d;
  Numbers(size_t size, uint64_t seed, double scale = 2) : f(size), d(size) {
    Random random(seed);
    for (size_t k = 0; k < size; ++k) d[k] = f[k] = static_cast<float>(scale * random.normal());
  }
};

void expect_near(const Numbers& numbers, double tolerance, int length) {
  for (size_t k = 0; k < numbers.f.size(); ++k)
    ASSERT_NEAR(static_cast<double>(numbers.f[k]), numbers.d[k], tolerance * (1 + std::abs(numbers.d[k])))
        << "element " << k << ", length " << length;
}

TEST(SimdTanh, AllArguments_WithinTheStatedError) {
  // An rnn cell without bias is tanh.
  double worst = 0;
  const std::vector<float> bias(16, 0);
  for (double x = -12; x < 12; x += 16 * 1.7e-5) {
    std::vector<float> gates(16), h(16);
    for (int k = 0; k < 16; ++k) gates[static_cast<size_t>(k)] = static_cast<float>(x + k * 1.7e-5);
    const std::vector<float> arguments = gates;
    cell_forward({1, 16, 16, 16}, RnnForward<float>{.products = arguments.data(),
                                                    .bias = bias.data(),
                                                    .gates = gates.data(),
                                                    .h = {.state = h.data(), .dst = h.data()}});
    for (size_t k = 0; k < 16; ++k) {
      const double exact = std::tanh(static_cast<double>(arguments[k]));
      if (exact != 0) worst = std::max(worst, std::abs(static_cast<double>(h[k]) / exact - 1));
    }
  }
  EXPECT_LT(worst, 3e-7);
}

TEST(SimdSigmoid, AllArguments_WithinTheStatedError) {
  // The output gate of an LSTM, which its gates keep.
  double worst = 0;
  const std::vector<float> bias(64, 0);
  for (double x = -80; x < 20; x += 16 * 3e-4) {
    std::vector<float> gates(64, 0), c(16), next_c(16), h(16);
    for (int k = 0; k < 16; ++k) gates[static_cast<size_t>(48 + k)] = static_cast<float>(x + k * 3e-4);
    const std::vector<float> arguments = gates;
    cell_forward({1, 16, 16, 16}, LstmForward<float>{.products = arguments.data(),
                                                     .bias = bias.data(),
                                                     .src_c = c.data(),
                                                     .dst_c = next_c.data(),
                                                     .gates = gates.data(),
                                                     .h = {.state = h.data(), .dst = h.data()}});
    for (size_t k = 48; k < 64; ++k)
      worst = std::max(
          worst, std::abs(static_cast<double>(gates[k]) * (1 + std::exp(-static_cast<double>(arguments[k]))) - 1));
  }
  EXPECT_LT(worst, 4e-7);
}

TEST(SimdCells, NotANumber_StaysOne) {
  for (const int hidden : {1, 4, 16}) {
    const auto size = static_cast<size_t>(hidden);
    const std::vector<float> products(4 * size, std::nanf("")), bias(4 * size), c(size);
    std::vector<float> gates(4 * size), next_c(size), h(size);
    std::vector<BFloat16> rounded(size);
    const CellShape shape{1, hidden, hidden, size};
    cell_forward(shape, LstmForward<float>{.products = products.data(),
                                           .bias = bias.data(),
                                           .src_c = c.data(),
                                           .dst_c = next_c.data(),
                                           .gates = gates.data(),
                                           .h = {.state = h.data(), .dst = h.data()}});
    for (const float value : h) EXPECT_TRUE(std::isnan(value));
    cell_forward(shape, RnnForward<float, BFloat16>{.products = products.data(),
                                                    .bias = bias.data(),
                                                    .gates = rounded.data(),
                                                    .h = {.state = h.data(), .dst = rounded.data()}});
    for (const BFloat16 value : rounded) EXPECT_TRUE(std::isnan(static_cast<float>(value)));
  }
}

// The buffers of a layer in one kind of memory.
template <class Real, class Store>
std::vector<Store> stored(const std::vector<Real>& values) {
  std::vector<Store> result;
  for (const Real value : values) result.push_back(static_cast<Store>(value));
  return result;
}

// A step of each cell, forward and backward, by some of a layer's units, over everything a call may be given.
template <class Real, class Store>
struct CellRun {
  static constexpr size_t kRows = 3;
  const std::vector<uint8_t> reset = {0, 1, 0}, next_reset = {1, 0, 0};
  std::vector<std::vector<Real>> outcome;

  template <class T>
  void keep(const std::vector<T>& values) {
    outcome.push_back(stored<T, Real>(values));
  }

  static std::vector<Real> numbers(size_t size, uint64_t seed) {
    const Numbers made(size, seed);
    if constexpr (std::is_same_v<Real, double>) {
      return made.d;
    } else {
      return made.f;
    }
  }

  CellRun(CellKind cell, size_t hidden, size_t first, size_t units) {
    const CellShape shape{kRows, static_cast<int>(units), static_cast<int>(hidden), kRows * hidden};
    const size_t all = kRows * hidden, part = kRows * units;
    std::vector<Real> mask = numbers(all, 1), bias = numbers(4 * hidden, 2), bias_h = numbers(4 * hidden, 3);
    std::vector<Real> state = numbers(all, 4), c = numbers(all, 5), next_c(all), diff_c = numbers(all, 6);
    std::vector<Real> diff_dst = numbers(all, 7), through = numbers(part, 8), past = numbers(all, 9), start(all);
    const std::vector<Real> products = numbers(4 * part, 10), products_h = numbers(4 * part, 11);
    const std::vector<Store> src_h = stored<Real, Store>(numbers(all, 12));
    std::vector<Store> dst(all), entering(all), gates(4 * all), state_n(all);
    const HiddenOutput<Real, Store> out{.state = state.data() + first,
                                        .dst = dst.data() + first,
                                        .entering = entering.data() + first,
                                        .mask = mask.data() + first,
                                        .reset = next_reset.data()};
    const HiddenGradient<Real> diff{.diff_dst = diff_dst.data() + first,
                                    .through = through.data(),
                                    .mask = mask.data() + first,
                                    .reset = next_reset.data()};
    enter(shape, out);
    keep(entering);
    enter_backward(shape, diff, start.data() + first);
    keep(start);
    switch (cell) {
      case CellKind::kLstm:
        cell_forward(shape, LstmForward<Real, Store>{.products = products.data(),
                                                     .bias = bias.data() + first,
                                                     .reset = reset.data(),
                                                     .src_c = c.data() + first,
                                                     .dst_c = next_c.data() + first,
                                                     .gates = gates.data() + first,
                                                     .h = out});
        break;
      case CellKind::kGru:
        cell_forward(shape, GruForward<Real, Store>{.products_x = products.data(),
                                                    .products_h = products_h.data(),
                                                    .bias_x = bias.data() + first,
                                                    .bias_h = bias_h.data() + first,
                                                    .reset = reset.data(),
                                                    .gates = gates.data() + first,
                                                    .state_n = state_n.data() + first,
                                                    .h = out});
        break;
      case CellKind::kRnn:
        cell_forward(
            shape,
            RnnForward<Real, Store>{
                .products = products.data(), .bias = bias.data() + first, .gates = gates.data() + first, .h = out});
        break;
    }
    for (const auto* const values : {&state, &next_c}) keep(*values);
    for (const auto* const values : {&dst, &entering, &gates, &state_n}) keep(*values);
    switch (cell) {
      case CellKind::kLstm:
        cell_backward(shape, LstmBackward<Real, Store>{.reset = reset.data(),
                                                       .src_c = c.data() + first,
                                                       .dst_c = next_c.data() + first,
                                                       .gates = gates.data() + first,
                                                       .diff_c = diff_c.data() + first,
                                                       .h = diff});
        break;
      case CellKind::kGru:
        cell_backward(shape, GruBackward<Real, Store>{.reset = reset.data(),
                                                      .src_h = src_h.data() + first,
                                                      .gates = gates.data() + first,
                                                      .state_n = state_n.data() + first,
                                                      .past = past.data() + first,
                                                      .h = diff});
        break;
      case CellKind::kRnn:
        cell_backward(shape, RnnBackward<Real, Store>{.gates = gates.data() + first, .h = diff});
        break;
    }
    for (const auto* const values : {&diff_c, &past}) keep(*values);
    for (const auto* const values : {&gates, &state_n}) keep(*values);
  }
};

class SimdCell : public testing::TestWithParam<CellKind> {};
INSTANTIATE_TEST_SUITE_P(Cells, SimdCell, testing::Values(CellKind::kLstm, CellKind::kGru, CellKind::kRnn),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

template <class Store>
void expect_reference(CellKind cell, double tolerance) {
  for (const int units : kLengths) {
    const size_t first = 2, hidden = static_cast<size_t>(units) + 3;
    const CellRun<float, Store> run(cell, hidden, first, static_cast<size_t>(units));
    const CellRun<double, double> reference(cell, hidden, first, static_cast<size_t>(units));
    ASSERT_EQ(run.outcome.size(), reference.outcome.size());
    for (size_t k = 0; k < run.outcome.size(); ++k)
      for (size_t at = 0; at < run.outcome[k].size(); ++at) {
        const double expected = reference.outcome[k][at];
        ASSERT_NEAR(static_cast<double>(run.outcome[k][at]), expected, tolerance * (1 + std::abs(expected)))
            << "buffer " << k << ", element " << at << ", " << units << " units";
      }
  }
}

TEST_P(SimdCell, ForwardAndBackward_AreTheReference) { expect_reference<float>(GetParam(), 4e-6); }
// 8 bits of precision in what is stored between the passes.
TEST_P(SimdCell, Rounded_IsNearTheReference) { expect_reference<BFloat16>(GetParam(), 0.06); }

TEST(SimdConvert, EveryFloat_IsRoundedToTheNearest) {
  Random random(3);
  std::vector<float> values = {0.0f, -0.0f, 1.00390625f, 1.01171875f, INFINITY, -INFINITY, NAN, 3.4e38f, 1e-45f};
  while (values.size() < 1000)
    values.push_back(std::bit_cast<float>(static_cast<uint32_t>(random.below(uint64_t{1} << 32))));
  for (const size_t size : {size_t{1}, size_t{5}, size_t{33}, values.size()}) {
    std::vector<BFloat16> rounded(size);
    convert(size, values.data(), rounded.data());
    for (size_t k = 0; k < size; ++k) {
      const auto one = static_cast<float>(rounded[k]);
      EXPECT_EQ(rounded[k].bits, BFloat16(values[k]).bits) << values[k];
      if (std::isnan(values[k])) {
        EXPECT_TRUE(std::isnan(one));
      } else if (std::isfinite(one) && std::abs(values[k]) > 1e-37f) {
        EXPECT_LE(std::abs(one / values[k] - 1), 0x1p-8) << values[k];
      }
    }
  }
}

TEST(SimdSoftmax, LossAndGradient_AreTheReference) {
  for (const int vocab : kLengths) {
    const std::vector<int32_t> targets = {0, -1, vocab - 1};
    Numbers logits(static_cast<size_t>(3 * vocab), 8, 10), bias(static_cast<size_t>(vocab), 9), loss(3, 10);
    logits.d[0] = logits.f[0] = 400;  // far beyond what exp can take
    softmax_loss(3, vocab, logits.f.data(), targets.data(), loss.f.data());
    softmax_loss(3, vocab, logits.d.data(), targets.data(), loss.d.data());
    expect_near(loss, 1e-6, vocab);
    std::vector<BFloat16> rounded(logits.f.size());
    std::vector<float> spent = logits.f;
    softmax_loss_gradient(3, vocab, spent.data(), bias.f.data(), targets.data(), 0.5f, loss.f.data(), rounded.data());
    softmax_loss_gradient(3, vocab, logits.f.data(), bias.f.data(), targets.data(), 0.5f, loss.f.data(),
                          logits.f.data());
    softmax_loss_gradient(3, vocab, logits.d.data(), bias.d.data(), targets.data(), 0.5, loss.d.data(),
                          logits.d.data());
    expect_near(loss, 1e-6, vocab);
    expect_near(logits, 1e-5, vocab);
    for (size_t k = 0; k < rounded.size(); ++k)
      EXPECT_NEAR(static_cast<double>(static_cast<float>(rounded[k])), logits.d[k], 2e-3) << vocab;
  }
}

TEST(SimdSoftmax, NotANumber_StaysOne) {
  for (const int vocab : {2, 20, 64}) {
    std::vector<float> logits(static_cast<size_t>(vocab), 1), bias(static_cast<size_t>(vocab));
    logits[static_cast<size_t>(vocab) / 2] = std::nanf("");
    const int32_t target = 0;
    float loss = 0;
    softmax_loss(1, vocab, logits.data(), &target, &loss);
    EXPECT_TRUE(std::isnan(loss)) << vocab;
    softmax_loss_gradient(1, vocab, logits.data(), bias.data(), &target, 1.0f, &loss, logits.data());
    EXPECT_TRUE(std::isnan(loss)) << vocab;
  }
}

TEST(SimdPointwise, Kernels_AreTheReference) {
  for (const int length : kLengths) {
    const auto size = static_cast<size_t>(length);
    Numbers a(size, 1), b(size, 2), sums(size, 3);
    add(size, a.f.data(), b.f.data(), a.f.data());
    add(size, a.d.data(), b.d.data(), a.d.data());
    multiply(size, a.f.data(), b.f.data(), a.f.data());
    multiply(size, a.d.data(), b.d.data(), a.d.data());
    add_bias(1, length, b.f.data(), a.f.data());
    add_bias(1, length, b.d.data(), a.d.data());
    add_column_sums(MatrixView<const float>(a.f.data(), 1, length), sums.f.data());
    add_column_sums(MatrixView<const double>(a.d.data(), 1, length), sums.d.data());
    expect_near(a, 1e-6, length);
    expect_near(sums, 1e-6, length);
    std::vector<BFloat16> rounded = stored<float, BFloat16>(a.f);
    multiply(size, rounded.data(), b.f.data(), rounded.data());
    multiply(size, a.d.data(), b.d.data(), a.d.data());
    for (size_t k = 0; k < size; ++k)
      EXPECT_NEAR(static_cast<double>(static_cast<float>(rounded[k])), a.d[k], 0.01 * (1 + std::abs(a.d[k])));
  }
}

TEST(SimdDropoutMask, AnyPart_IsThatOfTheReference) {
  for (const size_t begin : {0, 1, 7, 8, 500, 511, 513})
    for (const size_t size : {1, 8, 9, 100, 1030}) {
      std::vector<float> f(size);
      std::vector<double> d(size);
      fill_dropout_mask(0.3, 5, (uint64_t{1} << 40) + 3, begin, size, f.data());
      fill_dropout_mask(0.3, 5, (uint64_t{1} << 40) + 3, begin, size, d.data());
      for (size_t k = 0; k < size; ++k) ASSERT_EQ(f[k], static_cast<float>(d[k])) << begin << "+" << k;
    }
}

TEST(SimdAdam, Step_IsTheReference) {
  for (const int length : kLengths) {
    const auto size = static_cast<size_t>(length);
    Numbers grads(size, 1), average(size, 2), squares(size, 3), weights(size, 4);
    for (size_t k = 0; k < size; ++k) squares.d[k] = squares.f[k] = std::abs(squares.f[k]);
    const AdamStep<float> step{0.5f, 0.9f, 0.99f, 0.1f, 0.01f, 0.01f, 0.8f, 1e-8f, 0.999f, 0.01f};
    const AdamStep<double> same{step.grad_scale,       step.beta1, step.beta2, step.rest1, step.rest2, step.step_size,
                                step.root_correction2, step.eps,   step.keep,  step.decay};
    adam(step, size, grads.f.data(), average.f.data(), squares.f.data(), weights.f.data());
    adam(same, size, grads.d.data(), average.d.data(), squares.d.data(), weights.d.data());
    for (const Numbers* const numbers : {&average, &squares, &weights}) expect_near(*numbers, 1e-6, length);
    EXPECT_NEAR(sum_of_squares(size, grads.f.data()) / sum_of_squares(size, grads.d.data()), 1, 1e-6);
  }
}

// Long enough for stretches side by side, and for what they leave over.
TEST(SimdSumOfSquares, LongArray_IsTheReference) {
  for (const size_t size : {4095u, 4096u, 4097u, 20000u, 100003u}) {
    const Numbers numbers(size, 7);
    EXPECT_NEAR(sum_of_squares(size, numbers.f.data()) / sum_of_squares(size, numbers.d.data()), 1, 1e-6) << size;
  }
}

}  // namespace
}  // namespace fude
