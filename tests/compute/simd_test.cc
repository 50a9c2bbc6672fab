// The vectorized float kernels against the plain double ones, on lengths that leave every kind of rest.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "compute/kernels/cells.h"
#include "compute/kernels/optimizer.h"
#include "compute/kernels/pointwise.h"
#include "compute/kernels/softmax.h"
#include "fude/base/random.h"

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
    rnn_forward(1, 16, bias.data(), gates.data(), h.data());
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
    lstm_forward(1, 16, bias.data(), nullptr, gates.data(), c.data(), next_c.data(), h.data());
    for (size_t k = 48; k < 64; ++k)
      worst = std::max(
          worst, std::abs(static_cast<double>(gates[k]) * (1 + std::exp(-static_cast<double>(arguments[k]))) - 1));
  }
  EXPECT_LT(worst, 4e-7);
}

TEST(SimdCells, NotANumber_StaysOne) {
  for (const int hidden : {1, 4, 16}) {
    const auto size = static_cast<size_t>(hidden);
    std::vector<float> gates(4 * size, std::nanf("")), bias(4 * size), c(size), next_c(size), h(size);
    lstm_forward(1, hidden, bias.data(), nullptr, gates.data(), c.data(), next_c.data(), h.data());
    for (const float value : h) EXPECT_TRUE(std::isnan(value));
    rnn_forward(1, hidden, bias.data(), next_c.data(), h.data());
    for (const float value : h) EXPECT_TRUE(std::isnan(value));
  }
}

TEST(SimdLstm, ForwardAndBackward_AreTheReference) {
  for (const int hidden : kLengths) {
    constexpr int kRows = 3;
    const auto size = static_cast<size_t>(hidden), all = kRows * size;
    const std::vector<uint8_t> reset = {0, 1, 0};
    Numbers gates(4 * all, 1), bias(4 * size, 2), c(all, 3), next_c(all, 4), h(all, 5), dh(all, 6), dc(all, 7);
    lstm_forward(kRows, hidden, bias.f.data(), reset.data(), gates.f.data(), c.f.data(), next_c.f.data(), h.f.data());
    lstm_forward(kRows, hidden, bias.d.data(), reset.data(), gates.d.data(), c.d.data(), next_c.d.data(), h.d.data());
    for (const Numbers* const numbers : {&gates, &next_c, &h}) expect_near(*numbers, 1e-6, hidden);
    lstm_backward(kRows, hidden, reset.data(), gates.f.data(), c.f.data(), next_c.f.data(), dh.f.data(), dc.f.data());
    lstm_backward(kRows, hidden, reset.data(), gates.d.data(), c.d.data(), next_c.d.data(), dh.d.data(), dc.d.data());
    for (const Numbers* const numbers : {&gates, &dc}) expect_near(*numbers, 4e-6, hidden);
  }
}

TEST(SimdGru, ForwardAndBackward_AreTheReference) {
  for (const int hidden : kLengths) {
    constexpr int kRows = 3;
    const auto size = static_cast<size_t>(hidden), all = kRows * size;
    const std::vector<uint8_t> reset = {0, 1, 0};
    Numbers x(3 * all, 1), p(3 * all, 2), bias_x(3 * size, 3), bias_h(3 * size, 4), src(all, 5), h(all, 6), dh(all, 7);
    gru_forward(kRows, hidden, bias_x.f.data(), bias_h.f.data(), reset.data(), x.f.data(), p.f.data(), src.f.data(),
                h.f.data());
    gru_forward(kRows, hidden, bias_x.d.data(), bias_h.d.data(), reset.data(), x.d.data(), p.d.data(), src.d.data(),
                h.d.data());
    for (const Numbers* const numbers : {&x, &h}) expect_near(*numbers, 2e-6, hidden);
    gru_backward(kRows, hidden, reset.data(), x.f.data(), p.f.data(), src.f.data(), dh.f.data());
    gru_backward(kRows, hidden, reset.data(), x.d.data(), p.d.data(), src.d.data(), dh.d.data());
    for (const Numbers* const numbers : {&x, &p, &dh}) expect_near(*numbers, 4e-6, hidden);
  }
}

TEST(SimdRnn, ForwardAndBackward_AreTheReference) {
  for (const int hidden : kLengths) {
    const auto size = static_cast<size_t>(hidden), all = 2 * size;
    Numbers gates(all, 1), bias(size, 2), h(all, 3), dh(all, 4);
    rnn_forward(2, hidden, bias.f.data(), gates.f.data(), h.f.data());
    rnn_forward(2, hidden, bias.d.data(), gates.d.data(), h.d.data());
    expect_near(h, 1e-6, hidden);
    rnn_backward(2, hidden, gates.f.data(), dh.f.data());
    rnn_backward(2, hidden, gates.d.data(), dh.d.data());
    expect_near(gates, 2e-6, hidden);
  }
}

TEST(SimdSoftmax, LossAndGradient_AreTheReference) {
  for (const int vocab : kLengths) {
    const std::vector<int32_t> targets = {0, -1, vocab - 1};
    Numbers logits(static_cast<size_t>(3 * vocab), 8, 10), norm(3, 9), loss(3, 10);
    logits.d[0] = logits.f[0] = 400;  // far beyond what exp can take
    softmax_loss(3, vocab, logits.f.data(), targets.data(), norm.f.data(), loss.f.data());
    softmax_loss(3, vocab, logits.d.data(), targets.data(), norm.d.data(), loss.d.data());
    for (const Numbers* const numbers : {&norm, &loss}) expect_near(*numbers, 1e-6, vocab);
    softmax_loss_backward(3, vocab, logits.f.data(), targets.data(), norm.f.data(), 0.5f);
    softmax_loss_backward(3, vocab, logits.d.data(), targets.data(), norm.d.data(), 0.5);
    expect_near(logits, 1e-5, vocab);
  }
}

TEST(SimdSoftmax, NotANumber_StaysOne) {
  for (const int vocab : {2, 20, 64}) {
    std::vector<float> logits(static_cast<size_t>(vocab), 1);
    logits[static_cast<size_t>(vocab) / 2] = std::nanf("");
    const int32_t target = 0;
    float norm = 0, loss = 0;
    softmax_loss(1, vocab, logits.data(), &target, &norm, &loss);
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
    expect_near(a, 1e-6, length);
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

}  // namespace
}  // namespace fude
