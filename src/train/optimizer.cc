#include "train/optimizer.h"

#include <algorithm>
#include <array>
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

// Long runs of weights are divided into this many for the threads; short ones are not worth it.
constexpr size_t kRuns = 64;
constexpr size_t kShortestRun = 4096;

size_t run_length(size_t size) { return std::max(kShortestRun, (size + kRuns - 1) / kRuns); }

// Calls work(begin, size) for each run of `size` elements, over the threads.
template <class Work>
void for_each_run(size_t size, ProfileTimer& timer, const Work& work) {
  const size_t length = run_length(size);
  parallel_for(static_cast<int>((size + length - 1) / length), [&](int run) {
    const ProfileScope scope(timer);
    const size_t begin = static_cast<size_t>(run) * length;
    work(begin, std::min(length, size - begin));
  });
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
void Optimizer<Real>::step(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale) {
  ++steps_;
  if (options_.kind == "sgd") return sgd(lr, weights, grads, grad_scale);
  if (options_.kind == "rmsprop") return rmsprop(lr, weights, grads, grad_scale);
  adam(lr, weights, grads, grad_scale);
}

template <class Real>
void Optimizer<Real>::adam(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale) {
  const bool decoupled = options_.kind == "adamw";
  AdamStep<Real> step;
  step.grad_scale = static_cast<Real>(grad_scale);
  step.beta1 = static_cast<Real>(options_.beta1);
  step.beta2 = static_cast<Real>(options_.beta2);
  step.rest1 = static_cast<Real>(1 - options_.beta1);
  step.rest2 = static_cast<Real>(1 - options_.beta2);
  step.step_size = static_cast<Real>(lr / (1 - std::pow(options_.beta1, static_cast<double>(steps_))));
  step.root_correction2 = static_cast<Real>(std::sqrt(1 - std::pow(options_.beta2, static_cast<double>(steps_))));
  step.eps = static_cast<Real>(options_.eps);
  step.keep = static_cast<Real>(decoupled ? 1 - lr * options_.weight_decay : 1);
  step.decay = static_cast<Real>(decoupled ? 0 : options_.weight_decay);
  for_each_run(weights.size(), update_timer, [&](size_t begin, size_t size) {
    fude::adam(step, size, grads.data() + begin, average_.data() + begin, squares_.data() + begin,
               weights.data() + begin);
  });
}

template <class Real>
void Optimizer<Real>::sgd(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale) {
  const auto decay = static_cast<Real>(options_.weight_decay);
  const auto momentum = static_cast<Real>(options_.momentum);
  const auto rate = static_cast<Real>(lr), scale = static_cast<Real>(grad_scale);
  for_each_run(weights.size(), update_timer, [&](size_t begin, size_t size) {
    for (size_t k = begin; k < begin + size; ++k) {
      Real grad = scale * grads[k] + decay * weights[k];
      if (!average_.empty()) grad = average_[k] = momentum * average_[k] + grad;
      weights[k] -= rate * grad;
    }
  });
}

template <class Real>
void Optimizer<Real>::rmsprop(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale) {
  const auto decay = static_cast<Real>(options_.weight_decay), scale = static_cast<Real>(grad_scale);
  const auto alpha = static_cast<Real>(options_.alpha), rest = static_cast<Real>(1 - options_.alpha);
  const auto rate = static_cast<Real>(lr), eps = static_cast<Real>(options_.eps);
  for_each_run(weights.size(), update_timer, [&](size_t begin, size_t size) {
    for (size_t k = begin; k < begin + size; ++k) {
      const Real grad = scale * grads[k] + decay * weights[k];
      squares_[k] = alpha * squares_[k] + rest * grad * grad;
      weights[k] -= rate * grad / (std::sqrt(squares_[k]) + eps);
    }
  });
}

template <class Real>
double global_norm(std::span<const Real> grads) {
  // Always the same runs, added in order: the sum does not depend on the number of threads.
  std::array<double, kRuns> sums{};
  for_each_run(grads.size(), norm_timer, [&](size_t begin, size_t size) {
    sums[begin / run_length(grads.size())] = sum_of_squares(size, grads.data() + begin);
  });
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

double clip_scale(double max_norm, double norm) {
  const double scale = max_norm / (norm + kClipEpsilon);
  return max_norm > 0 && std::isfinite(norm) ? std::min(1.0, scale) : 1;
}

template class Optimizer<float>;
template class Optimizer<double>;
template double global_norm(std::span<const float>);
template double global_norm(std::span<const double>);

}  // namespace fude
