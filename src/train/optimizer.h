// Optimizers over one flat buffer of weights, each as PyTorch 1.13 defines it, and clipping by the global norm.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fude/train/options.h"

namespace fude {

// Real is float for work and double for the tests against PyTorch.
template <class Real>
class Optimizer {
 public:
  // For `size` weights.
  Optimizer(const OptimizerOptions& options, size_t size);

  // One update at learning rate `lr`, of gradients times `grad_scale`.
  void step(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale = 1);

  // All there is to save: updates made, the running average of gradients (adam, adamw; sgd with momentum: its buffer)
  // and that of their squares (adam, adamw, rmsprop). A buffer that the kind does not use is empty.
  int64_t steps() const { return steps_; }
  void set_steps(int64_t steps) { steps_ = steps; }
  std::span<Real> average() { return average_; }
  std::span<Real> squares() { return squares_; }

 private:
  void adam(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale);
  void sgd(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale);
  void rmsprop(double lr, std::span<Real> weights, std::span<const Real> grads, double grad_scale);

  OptimizerOptions options_;
  int64_t steps_ = 0;
  std::vector<Real> average_;
  std::vector<Real> squares_;
};

// The Euclidean norm of all of them.
template <class Real>
double global_norm(std::span<const Real> grads);

// What gradients of this norm are multiplied by so that their norm is at most `max_norm` (0: off), as
// torch.nn.utils.clip_grad_norm_ does; 1 when the norm is not finite.
double clip_scale(double max_norm, double norm);

}  // namespace fude
