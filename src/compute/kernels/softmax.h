// Softmax cross-entropy over rows of logits.
#pragma once

#include <cstdint>

#include "compute/bfloat16.h"

namespace fude {

// loss[row] = -log softmax(logits[row])[target] in nats, 0 where target < 0. logits (rows, vocab) are only read.
template <class Real>
void softmax_loss(int rows, int vocab, const Real* logits, const int32_t* targets, Real* loss);

// The same loss of logits + bias (vocab), and its gradient: diff (rows, vocab) = scale · (softmax - onehot(target)),
// zero in rows without a target. The logits are used up; diff may be in their place.
template <class Real, class Store>
void softmax_loss_gradient(int rows, int vocab, Real* logits, const Real* bias, const int32_t* targets, Real scale,
                           Real* loss, Store* diff);

// float is vectorized: softmax_simd.cc.
template <>
void softmax_loss(int rows, int vocab, const float* logits, const int32_t* targets, float* loss);
template <>
void softmax_loss_gradient(int rows, int vocab, float* logits, const float* bias, const int32_t* targets, float scale,
                           float* loss, float* diff);
template <>
void softmax_loss_gradient(int rows, int vocab, float* logits, const float* bias, const int32_t* targets, float scale,
                           float* loss, BFloat16* diff);

}  // namespace fude
