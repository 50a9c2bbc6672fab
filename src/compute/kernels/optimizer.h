// One update of weights from gradients, over a run of them. What the numbers mean: train/optimizer.h.
#pragma once

#include <cstddef>

namespace fude {

// Σ grads², in double.
template <class Real>
double sum_of_squares(size_t size, const Real* grads);

template <class Real>
struct AdamStep {
  Real grad_scale;                  // clipping
  Real beta1, beta2, rest1, rest2;  // rest: 1 - beta
  Real step_size;                   // lr / (1 - beta1^t)
  Real root_correction2;            // √(1 - beta2^t)
  Real eps;
  Real keep;   // 1 - lr · decay where decay is decoupled
  Real decay;  // added to the gradient where it is not
};

template <class Real>
void adam(const AdamStep<Real>& step, size_t size, const Real* grads, Real* average, Real* squares, Real* weights);

template <>
double sum_of_squares(size_t size, const double* grads);
template <>
void adam(const AdamStep<double>& step, size_t size, const double* grads, double* average, double* squares,
          double* weights);
// float is vectorized: optimizer_simd.cc.
template <>
double sum_of_squares(size_t size, const float* grads);
template <>
void adam(const AdamStep<float>& step, size_t size, const float* grads, float* average, float* squares, float* weights);

}  // namespace fude
