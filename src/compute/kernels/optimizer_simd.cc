// Optimizer updates in float, vectorized; optimizer.cc says in double what they mean.
#include "compute/kernels/optimizer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/optimizer_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

double sum_of_squares(size_t size, const float* grads) {
  // Float sums stay short, so that they lose nothing that counts.
  constexpr size_t kRun = 1024;
  const hn::ScalableTag<float> d;
  const auto add_square = [&](size_t at, hn::Vec<decltype(d)> sum) HWY_ATTR {
    const auto grad = hn::LoadU(d, grads + at);
    return hn::MulAdd(grad, grad, sum);
  };
  const auto number = [&](hn::Vec<decltype(d)> sum)
                          HWY_ATTR { return static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum))); };
  double total = 0;
  // Four quarters side by side: one reader waits for memory most of the time.
  const size_t quarter = size / 4 / kRun * kRun;
  for (size_t begin = 0; begin < quarter; begin += kRun) {
    auto a = hn::Zero(d), b = a, c = a, e = a;
    for (size_t k = begin; k < begin + kRun; k += hn::Lanes(d)) {
      a = add_square(k, a);
      b = add_square(k + quarter, b);
      c = add_square(k + 2 * quarter, c);
      e = add_square(k + 3 * quarter, e);
    }
    total += number(hn::Add(hn::Add(a, b), hn::Add(c, e)));
  }
  size_t k = 4 * quarter;
  while (k + hn::Lanes(d) <= size) {
    auto sum = hn::Zero(d);
    for (const size_t end = HWY_MIN(size, k + kRun); k + hn::Lanes(d) <= end; k += hn::Lanes(d))
      sum = add_square(k, sum);
    total += number(sum);
  }
  for (; k < size; ++k) total += static_cast<double>(grads[k]) * static_cast<double>(grads[k]);
  return total;
}

void adam(const AdamStep<float>& step, size_t size, const float* grads, float* average, float* squares,
          float* weights) {
  const float inverse_root = 1 / step.root_correction2;
  for_columns(size, [&](auto d, size_t k) HWY_ATTR {
    const auto weight = hn::LoadU(d, weights + k);
    const auto grad =
        hn::MulAdd(hn::LoadU(d, grads + k), hn::Set(d, step.grad_scale), hn::Mul(weight, hn::Set(d, step.decay)));
    const auto first =
        hn::MulAdd(hn::LoadU(d, average + k), hn::Set(d, step.beta1), hn::Mul(grad, hn::Set(d, step.rest1)));
    const auto second = hn::MulAdd(hn::LoadU(d, squares + k), hn::Set(d, step.beta2),
                                   hn::Mul(hn::Mul(grad, grad), hn::Set(d, step.rest2)));
    const auto below = hn::MulAdd(hn::Sqrt(second), hn::Set(d, inverse_root), hn::Set(d, step.eps));
    const auto change = hn::Div(hn::Mul(first, hn::Set(d, step.step_size)), below);
    hn::StoreU(first, d, average + k);
    hn::StoreU(second, d, squares + k);
    hn::StoreU(hn::MulSub(weight, hn::Set(d, step.keep), change), d, weights + k);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(sum_of_squares);
HWY_EXPORT(adam);

template <>
double sum_of_squares(size_t size, const float* grads) {
  return HWY_DYNAMIC_DISPATCH(sum_of_squares)(size, grads);
}

template <>
void adam(const AdamStep<float>& step, size_t size, const float* grads, float* average, float* squares,
          float* weights) {
  HWY_DYNAMIC_DISPATCH(adam)(step, size, grads, average, squares, weights);
}

}  // namespace fude
#endif
