#include "train/optimizer.h"

#include <cmath>

namespace fude {
namespace {

// What clip_grad_norm_ adds to the norm before it divides.
constexpr double kClipEpsilon = 1e-6;

}  // namespace

template <class Real>
Optimizer<Real>::Optimizer(const OptimizerOptions& options, size_t size) : options_(options) {
  options_.validate();
  const bool adam = options.kind == "adam" || options.kind == "adamw";
  if (adam || (options.kind == "sgd" && options.momentum > 0)) average_.assign(size, Real{0});
  if (adam || options.kind == "rmsprop") squares_.assign(size, Real{0});
}

template <class Real>
void Optimizer<Real>::step(double lr, std::span<Real> weights, std::span<const Real> grads) {
  ++steps_;
  if (options_.kind == "sgd") return sgd(lr, weights, grads);
  if (options_.kind == "rmsprop") return rmsprop(lr, weights, grads);
  adam(lr, options_.kind == "adamw", weights, grads);
}

template <class Real>
void Optimizer<Real>::adam(double lr, bool decoupled, std::span<Real> weights, std::span<const Real> grads) {
  const double correction1 = 1 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double correction2 = 1 - std::pow(options_.beta2, static_cast<double>(steps_));
  const auto beta1 = static_cast<Real>(options_.beta1), rest1 = static_cast<Real>(1 - options_.beta1);
  const auto beta2 = static_cast<Real>(options_.beta2), rest2 = static_cast<Real>(1 - options_.beta2);
  const auto step_size = static_cast<Real>(lr / correction1);
  const auto root_correction2 = static_cast<Real>(std::sqrt(correction2));
  const auto eps = static_cast<Real>(options_.eps);
  const auto keep = static_cast<Real>(decoupled ? 1 - lr * options_.weight_decay : 1);
  const auto decay = static_cast<Real>(decoupled ? 0 : options_.weight_decay);
  for (size_t k = 0; k < weights.size(); ++k) {
    const Real grad = grads[k] + decay * weights[k];
    average_[k] = beta1 * average_[k] + rest1 * grad;
    squares_[k] = beta2 * squares_[k] + rest2 * grad * grad;
    weights[k] = keep * weights[k] - step_size * average_[k] / (std::sqrt(squares_[k]) / root_correction2 + eps);
  }
}

template <class Real>
void Optimizer<Real>::sgd(double lr, std::span<Real> weights, std::span<const Real> grads) {
  const auto decay = static_cast<Real>(options_.weight_decay);
  const auto momentum = static_cast<Real>(options_.momentum);
  const auto rate = static_cast<Real>(lr);
  for (size_t k = 0; k < weights.size(); ++k) {
    Real grad = grads[k] + decay * weights[k];
    if (!average_.empty()) grad = average_[k] = momentum * average_[k] + grad;
    weights[k] -= rate * grad;
  }
}

template <class Real>
void Optimizer<Real>::rmsprop(double lr, std::span<Real> weights, std::span<const Real> grads) {
  const auto decay = static_cast<Real>(options_.weight_decay);
  const auto alpha = static_cast<Real>(options_.alpha), rest = static_cast<Real>(1 - options_.alpha);
  const auto rate = static_cast<Real>(lr), eps = static_cast<Real>(options_.eps);
  for (size_t k = 0; k < weights.size(); ++k) {
    const Real grad = grads[k] + decay * weights[k];
    squares_[k] = alpha * squares_[k] + rest * grad * grad;
    weights[k] -= rate * grad / (std::sqrt(squares_[k]) + eps);
  }
}

template <class Real>
double global_norm(std::span<const Real> grads) {
  double sum = 0;
  for (const Real grad : grads) sum += static_cast<double>(grad) * static_cast<double>(grad);
  return std::sqrt(sum);
}

template <class Real>
double clip_by_norm(double max_norm, std::span<Real> grads) {
  const double norm = global_norm<Real>(grads);
  const double scale = max_norm / (norm + kClipEpsilon);
  if (max_norm > 0 && std::isfinite(norm) && scale < 1) {
    for (Real& grad : grads) grad *= static_cast<Real>(scale);
  }
  return norm;
}

template class Optimizer<float>;
template class Optimizer<double>;
template double global_norm(std::span<const float>);
template double global_norm(std::span<const double>);
template double clip_by_norm(double, std::span<float>);
template double clip_by_norm(double, std::span<double>);

}  // namespace fude
