#include "nn/sampled_head.h"

#include <algorithm>

#include "base/parallel.h"
#include "compute/kernels/pointwise.h"
#include "nn/division.h"
#include "nn/recurrent_layer.h"

namespace fude {
namespace {

// Symbols whose gradients are cleared by one task.
constexpr int kTaskSymbols = 1024;

}  // namespace

template <class Real, class Store>
void SampledHead<Real, Store>::gather(const Candidates& candidates, std::span<const int32_t> targets,
                                      const Real* weight, int features, const Real* bias) {
  const size_t count = candidates.ids.size(), row = static_cast<size_t>(features);
  symbols_ = static_cast<int>(count);
  features_ = features;
  ensure_size(weight_, count * row);
  ensure_size(grad_weight_, count * row);
  ensure_size(bias_, count);
  ensure_size(grad_bias_, count);
  for (size_t k = 0; k < count; ++k) {
    const auto id = static_cast<size_t>(candidates.ids[k]);
    convert(row, weight + id * row, weight_.data() + k * row);
    bias_[k] = bias[id] - static_cast<Real>(candidates.log_rates[k]);
  }
  ensure_size(targets_, targets.size());
  std::transform(targets.begin(), targets.end(), targets_.begin(), [&](int32_t target) {
    if (target < 0) return target;
    const auto found = std::lower_bound(candidates.ids.begin(), candidates.ids.end(), target);
    return static_cast<int32_t>(found - candidates.ids.begin());
  });
  parallel_for(2, [&](int task) {
    const MatrixView<const Store> gathered(weight_.data(), symbols_, features);
    if (task == 0) output_.pack(Transpose::kYes, gathered);
    if (task == 1) backward_output_.pack(Transpose::kNo, gathered);
  });
}

template <class Real, class Store>
void SampledHead<Real, Store>::scatter(const Candidates& candidates, std::span<Real> grad_weight,
                                       std::span<Real> grad_bias) const {
  const auto row = static_cast<size_t>(features_);
  const int symbols = static_cast<int>(grad_bias.size()), tasks = parts_of(symbols, kTaskSymbols);
  parallel_for(tasks, [&](int task) {
    const Range range = part_of(symbols, tasks, task);
    const auto first = static_cast<size_t>(range.begin), count = static_cast<size_t>(range.size());
    std::fill_n(grad_weight.data() + first * row, count * row, Real{0});
    std::fill_n(grad_bias.data() + first, count, Real{0});
    const auto& ids = candidates.ids;
    for (auto it = std::lower_bound(ids.begin(), ids.end(), range.begin); it != ids.end() && *it < range.end; ++it) {
      const auto k = static_cast<size_t>(it - ids.begin()), id = static_cast<size_t>(*it);
      std::copy_n(grad_weight_.data() + k * row, row, grad_weight.data() + id * row);
      grad_bias[id] = grad_bias_[k];
    }
  });
}

template class SampledHead<float, float>;
template class SampledHead<float, BFloat16>;
template class SampledHead<double, double>;

}  // namespace fude
