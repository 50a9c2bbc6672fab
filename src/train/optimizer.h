// Optimizers over one flat buffer of weights, each as PyTorch 1.13 defines it, and clipping by the global norm.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compute/kernels/optimizer.h"
#include "fude/train/options.h"
#include "nn/parameters.h"

namespace fude {

// Real is float for work and double for the tests against PyTorch.
template <class Real>
class Optimizer {
 public:
  // For `size` weights.
  Optimizer(const OptimizerOptions& options, size_t size);

  // An update at learning rate `lr`, of gradients times `grad_scale`: begin() counts it, and apply() is then called for
  // runs of weights, each once, in any order and by any threads.
  struct Update {
    Real rate, grad_scale;
    AdamStep<Real> adam;
  };
  Update begin(double lr, double grad_scale = 1);
  void apply(const Update& update, size_t begin, size_t size, std::span<Real> weights, std::span<const Real> grads);

  // All there is to save: updates made, the running average of gradients (adam, adamw; sgd with momentum: its buffer)
  // and that of their squares (adam, adamw, rmsprop). A buffer that the kind does not use is empty.
  int64_t steps() const { return steps_; }
  void set_steps(int64_t steps) { steps_ = steps; }
  std::span<Real> average() { return average_; }
  std::span<Real> squares() { return squares_; }

 private:
  OptimizerOptions options_;
  int64_t steps_ = 0;
  std::vector<Real> average_;
  std::vector<Real> squares_;
};

// The Euclidean norm of all of them.
template <class Real>
double global_norm(std::span<const Real> grads);
// That of a network's gradients, without a look at where they are known to be zero.
template <class Real>
double global_norm(const Parameters<Real>& parameters);

// What gradients of this norm are multiplied by so that their norm is at most `max_norm` (0: off), as
// torch.nn.utils.clip_grad_norm_ does; 1 when the norm is not finite.
double clip_scale(double max_norm, double norm);

}  // namespace fude
