#include "compute/kernels/optimizer.h"

#include <cmath>

namespace fude {

template <>
double sum_of_squares(size_t size, const double* grads) {
  double sum = 0;
  for (size_t k = 0; k < size; ++k) sum += grads[k] * grads[k];
  return sum;
}

template <>
void adam(const AdamStep<double>& step, size_t size, const double* grads, double* average, double* squares,
          double* weights) {
  for (size_t k = 0; k < size; ++k) {
    const double grad = step.grad_scale * grads[k] + step.decay * weights[k];
    average[k] = step.beta1 * average[k] + step.rest1 * grad;
    squares[k] = step.beta2 * squares[k] + step.rest2 * grad * grad;
    weights[k] = step.keep * weights[k] -
                 step.step_size * average[k] / (std::sqrt(squares[k]) / step.root_correction2 + step.eps);
  }
}

}  // namespace fude
