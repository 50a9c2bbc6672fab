// Softmax cross-entropy over rows of logits.
#pragma once

#include <cstdint>

namespace fude {

// loss[row] = -log softmax(logits[row])[target] in nats, 0 where target < 0. log_norm[row] = log Σ exp(logits[row]).
// logits (rows, vocab) are only read. Returns Σ loss.
template <class Real>
double softmax_loss(int rows, int vocab, const Real* logits, const int32_t* targets, Real* log_norm, Real* loss);

// logits → scale · gradient of Σ loss, in place: softmax - onehot(target); rows without a target become zero.
template <class Real>
void softmax_loss_backward(int rows, int vocab, Real* logits, const int32_t* targets, const Real* log_norm, Real scale);

// float is vectorized: softmax_simd.cc.
template <>
double softmax_loss(int rows, int vocab, const float* logits, const int32_t* targets, float* log_norm, float* loss);
template <>
void softmax_loss_backward(int rows, int vocab, float* logits, const int32_t* targets, const float* log_norm,
                           float scale);

}  // namespace fude
