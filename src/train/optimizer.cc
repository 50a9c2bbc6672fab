#include "train/optimizer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>

#include "base/parallel.h"
#include "base/profile.h"
#include "compute/kernels/optimizer.h"

namespace fude {
namespace {

ProfileTimer update_timer("optimizer: update");
ProfileTimer norm_timer("optimizer: gradient norm");

// What clip_grad_norm_ adds to the norm before it divides.
constexpr double kClipEpsilon = 1e-6;

// Many gradients are divided into this many runs for the threads; short ones are not worth it.
constexpr size_t kRuns = 64;
constexpr size_t kShortestRun = 4096;

// Of sum(begin, count) over runs of what there are `size` of. Always the same runs, added in order: the sum does not
// depend on the number of threads.
template <class Sum>
double sum_in_runs(size_t size, size_t shortest, const Sum& sum) {
  std::array<double, kRuns> sums{};
  const size_t length = std::max(shortest, (size + kRuns - 1) / kRuns);
  parallel_for(static_cast<int>((size + length - 1) / length), [&](int run) {
    const ProfileScope scope(norm_timer);
    const size_t begin = static_cast<size_t>(run) * length;
    sums[static_cast<size_t>(run)] = sum(begin, std::min(length, size - begin));
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

template <class Real>
double sum_of_squares_in_runs(std::span<const Real> grads) {
  return sum_in_runs(grads.size(), kShortestRun,
                     [&](size_t begin, size_t count) { return sum_of_squares(count, grads.data() + begin); });
}

}  // namespace

template <class Real>
Optimizer<Real>::Optimizer(const OptimizerOptions& options, size_t size) : options_(options) {
  options_.validate();
  const bool adam = options.kind == "adam" || options.kind == "adamw";
  if (adam || (options.kind == "sgd" && options.momentum > 0)) average_.assign(size, Real{0});
  if (adam || options.kind == "rmsprop") squares_.assign(size, Real{0});
}

template <class Real>
auto Optimizer<Real>::begin(double lr, double grad_scale) -> Update {
  ++steps_;
  const auto steps = static_cast<double>(steps_);
  const bool decoupled = options_.kind == "adamw";
  Update update{static_cast<Real>(lr), static_cast<Real>(grad_scale), {}};
  AdamStep<Real>& adam = update.adam;
  adam.grad_scale = update.grad_scale;
  adam.beta1 = static_cast<Real>(options_.beta1);
  adam.beta2 = static_cast<Real>(options_.beta2);
  adam.rest1 = static_cast<Real>(1 - options_.beta1);
  adam.rest2 = static_cast<Real>(1 - options_.beta2);
  adam.step_size = static_cast<Real>(lr / (1 - std::pow(options_.beta1, steps)));
  adam.root_correction2 = static_cast<Real>(std::sqrt(1 - std::pow(options_.beta2, steps)));
  adam.eps = static_cast<Real>(options_.eps);
  adam.keep = static_cast<Real>(decoupled ? 1 - lr * options_.weight_decay : 1);
  adam.decay = static_cast<Real>(decoupled ? 0 : options_.weight_decay);
  return update;
}

template <class Real>
void Optimizer<Real>::apply(const Update& update, size_t begin, size_t size, std::span<Real> all_weights,
                            std::span<const Real> all_grads) {
  const ProfileScope scope(update_timer);
  const Real* const grads = all_grads.data() + begin;
  Real* const weights = all_weights.data() + begin;
  Real* const average = average_.empty() ? nullptr : average_.data() + begin;
  Real* const squares = squares_.empty() ? nullptr : squares_.data() + begin;
  const auto decay = static_cast<Real>(options_.weight_decay);
  if (options_.kind == "sgd") {
    const auto momentum = static_cast<Real>(options_.momentum);
    for (size_t k = 0; k < size; ++k) {
      Real grad = update.grad_scale * grads[k] + decay * weights[k];
      if (average != nullptr) grad = average[k] = momentum * average[k] + grad;
      weights[k] -= update.rate * grad;
    }
  } else if (options_.kind == "rmsprop") {
    const auto alpha = static_cast<Real>(options_.alpha), rest = static_cast<Real>(1 - options_.alpha);
    const auto eps = static_cast<Real>(options_.eps);
    for (size_t k = 0; k < size; ++k) {
      const Real grad = update.grad_scale * grads[k] + decay * weights[k];
      squares[k] = alpha * squares[k] + rest * grad * grad;
      weights[k] -= update.rate * grad / (std::sqrt(squares[k]) + eps);
    }
  } else {
    fude::adam(update.adam, size, grads, average, squares, weights);
  }
}

template <class Real>
double global_norm(std::span<const Real> grads) {
  return std::sqrt(sum_of_squares_in_runs(grads));
}

template <class Real>
double global_norm(const Parameters<Real>& parameters) {
  const std::span<const Real> grads = parameters.grads();
  const std::vector<int32_t>* const rows = parameters.embedding_rows();
  if (rows == nullptr) return global_norm(grads);
  const TensorInfo& embedding = parameters.tensors().front();
  assert(embedding.name == "encoder.weight" && embedding.offset == 0);
  const auto width = static_cast<size_t>(embedding.shape[1]);
  const double of_rows = sum_in_runs(rows->size(), kShortestRun / width + 1, [&](size_t begin, size_t count) {
    double sum = 0;
    for (size_t k = begin; k < begin + count; ++k)
      sum += sum_of_squares(width, grads.data() + static_cast<size_t>((*rows)[k]) * width);
    return sum;
  });
  return std::sqrt(of_rows + sum_of_squares_in_runs(grads.subspan(embedding.size)));
}

double clip_scale(double max_norm, double norm) {
  const double scale = max_norm / (norm + kClipEpsilon);
  return max_norm > 0 && std::isfinite(norm) ? std::min(1.0, scale) : 1;
}

template class Optimizer<float>;
template class Optimizer<double>;
template double global_norm(std::span<const float>);
template double global_norm(std::span<const double>);
template double global_norm(const Parameters<float>&);
template double global_norm(const Parameters<double>&);

}  // namespace fude
