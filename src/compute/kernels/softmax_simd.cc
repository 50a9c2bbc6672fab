// Softmax cross-entropy in float, vectorized; softmax.cc says in double what it means.
#include "compute/kernels/softmax.h"

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

// Σ e^(values - shift)
HWY_INLINE float sum_of_powers(const float* values, size_t count, float shift) {
  const F32 d;
  auto sums = hn::Zero(d);
  size_t k = 0;
  for (; k + hn::Lanes(d) <= count; k += hn::Lanes(d))
    sums = hn::Add(sums, exponential(d, hn::Sub(hn::LoadU(d, values + k), hn::Set(d, shift))));
  float sum = hn::GetLane(hn::SumOfLanes(d, sums));
  const hn::CappedTag<float, 1> one;
  for (; k < count; ++k) sum += hn::GetLane(exponential(one, hn::Sub(hn::LoadU(one, values + k), hn::Set(one, shift))));
  return sum;
}

void log_norms(size_t rows, size_t vocab, const float* logits, float* norms) {
  for (size_t row = 0; row < rows; ++row, logits += vocab) {
    const float largest = largest_of(logits, vocab);
    norms[row] = largest + std::log(sum_of_powers(logits, vocab, largest));
  }
}

// values = scale e^(values - log_norm)
void scaled_softmax(size_t count, float log_norm, float scale, float* values) {
  for_columns(count, [&](auto d, size_t k) HWY_ATTR {
    const auto power = exponential(d, hn::Sub(hn::LoadU(d, values + k), hn::Set(d, log_norm)));
    hn::StoreU(hn::Mul(power, hn::Set(d, scale)), d, values + k);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

namespace fude {

HWY_EXPORT(log_norms);
HWY_EXPORT(scaled_softmax);

template <>
double softmax_loss(int rows, int vocab, const float* logits, const int32_t* targets, float* log_norm, float* loss) {
  HWY_DYNAMIC_DISPATCH(log_norms)(rows, vocab, logits, log_norm);
  double total = 0;
  for (int row = 0; row < rows; ++row) {
    loss[row] = targets[row] < 0 ? 0 : log_norm[row] - logits[static_cast<size_t>(row) * vocab + targets[row]];
    total += static_cast<double>(loss[row]);
  }
  return total;
}

template <>
void softmax_loss_backward(int rows, int vocab, float* logits, const int32_t* targets, const float* log_norm,
                           float scale) {
  for (int row = 0; row < rows; ++row, logits += vocab) {
    if (targets[row] < 0) {
      std::fill_n(logits, vocab, 0.0f);
      continue;
    }
    HWY_DYNAMIC_DISPATCH(scaled_softmax)(vocab, log_norm[row], scale, logits);
    logits[targets[row]] -= scale;
  }
}

}  // namespace fude
#endif
