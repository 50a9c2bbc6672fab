// Softmax cross-entropy in float, vectorized; softmax.cc says in double what it means.
#include "compute/kernels/softmax.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/softmax_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

using F32 = hn::ScalableTag<float>;
using One = hn::CappedTag<float, 1>;

HWY_INLINE float largest_of(const float* values, size_t count) {
  const F32 d;
  size_t k = 0;
  float largest = values[0];
  if (count >= hn::Lanes(d)) {
    auto most = hn::LoadU(d, values);
    for (k = hn::Lanes(d); k + hn::Lanes(d) <= count; k += hn::Lanes(d)) most = hn::Max(most, hn::LoadU(d, values + k));
    largest = hn::GetLane(hn::MaxOfLanes(d, most));
  }
  for (; k < count; ++k) largest = HWY_MAX(largest, values[k]);
  return largest;
}

void add_bias(size_t count, const float* bias, float* values) {
  for_columns(count, [&](auto d, size_t k) HWY_ATTR {
    hn::StoreU(hn::Add(hn::LoadU(d, values + k), hn::LoadU(d, bias + k)), d, values + k);
  });
}

// Σ e^(values - shift); with kKeep the powers take the values' place.
template <bool kKeep, class Value>
HWY_INLINE float sum_of_powers(Value* values, size_t count, float shift) {
  const F32 d;
  const One one;
  const auto power = [&](auto tag, size_t k) HWY_ATTR {
    const auto result = exponential(tag, hn::Sub(hn::LoadU(tag, values + k), hn::Set(tag, shift)));
    if constexpr (kKeep) hn::StoreU(result, tag, values + k);
    return result;
  };
  // Two sums side by side: one would wait for each addition.
  auto sums = hn::Zero(d), more = hn::Zero(d);
  const size_t lanes = hn::Lanes(d);
  size_t k = 0;
  for (; k + 2 * lanes <= count; k += 2 * lanes) {
    sums = hn::Add(sums, power(d, k));
    more = hn::Add(more, power(d, k + lanes));
  }
  for (; k + lanes <= count; k += lanes) sums = hn::Add(sums, power(d, k));
  float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(sums, more)));
  for (; k < count; ++k) sum += hn::GetLane(power(one, k));
  return sum;
}

void losses(size_t rows, size_t vocab, const float* logits, const int32_t* targets, float* loss) {
  for (size_t row = 0; row < rows; ++row, logits += vocab) {
    loss[row] = 0;
    if (targets[row] < 0) continue;
    const float largest = largest_of(logits, vocab);
    loss[row] = largest + std::log(sum_of_powers<false>(logits, vocab, largest)) - logits[targets[row]];
  }
}

template <class Store>
HWY_INLINE void losses_and_gradients(size_t rows, size_t vocab, float* logits, const float* bias,
                                     const int32_t* targets, float scale, float* loss, Store* diff) {
  for (size_t row = 0; row < rows; ++row, logits += vocab, diff += vocab) {
    if (targets[row] < 0) {
      loss[row] = 0;
      std::fill_n(diff, vocab, Store(0.0f));
      continue;
    }
    const auto target = static_cast<size_t>(targets[row]);
    add_bias(vocab, bias, logits);
    const float largest = largest_of(logits, vocab), wanted = logits[target];
    const float sum = sum_of_powers<true>(logits, vocab, largest);
    loss[row] = largest + std::log(sum) - wanted;
    const float factor = scale / sum;
    const float at_target = logits[target] * factor - scale;
    for_columns(vocab, [&](auto d, size_t k)
                           HWY_ATTR { store(hn::Mul(hn::LoadU(d, logits + k), hn::Set(d, factor)), d, diff + k); });
    diff[target] = Store(at_target);
  }
}

void losses_and_gradients_f32(size_t rows, size_t vocab, float* logits, const float* bias, const int32_t* targets,
                              float scale, float* loss, float* diff) {
  losses_and_gradients(rows, vocab, logits, bias, targets, scale, loss, diff);
}
void losses_and_gradients_bf16(size_t rows, size_t vocab, float* logits, const float* bias, const int32_t* targets,
                               float scale, float* loss, BFloat16* diff) {
  losses_and_gradients(rows, vocab, logits, bias, targets, scale, loss, diff);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(losses);
HWY_EXPORT(losses_and_gradients_f32);
HWY_EXPORT(losses_and_gradients_bf16);

template <>
void softmax_loss(int rows, int vocab, const float* logits, const int32_t* targets, float* loss) {
  HWY_DYNAMIC_DISPATCH(losses)(rows, vocab, logits, targets, loss);
}

template <>
void softmax_loss_gradient(int rows, int vocab, float* logits, const float* bias, const int32_t* targets, float scale,
                           float* loss, float* diff) {
  HWY_DYNAMIC_DISPATCH(losses_and_gradients_f32)(rows, vocab, logits, bias, targets, scale, loss, diff);
}

template <>
void softmax_loss_gradient(int rows, int vocab, float* logits, const float* bias, const int32_t* targets, float scale,
                           float* loss, BFloat16* diff) {
  HWY_DYNAMIC_DISPATCH(losses_and_gradients_bf16)(rows, vocab, logits, bias, targets, scale, loss, diff);
}

}  // namespace fude
#endif
