// The pointwise half of a recurrent cell: what happens to B rows of one time step after the matrix products.
//
// Gate order is PyTorch's: LSTM i f g o, GRU r z n. Buffers are row-major, B rows. Forward leaves the activated gates
// where the pre-activations were; backward turns them into gradients of the pre-activations in the same place. `reset`
// (B; may be null): 1 where the state entering the step counts as zero.
#pragma once

#include <cstdint>

namespace fude {

// gates (B,4H): pre-activations without bias → i f g o. bias (4H). c' = f c + i g, h' = o tanh(c').
template <class Real>
void lstm_forward(int rows, int hidden, const Real* bias, const uint8_t* reset, Real* gates, const Real* src_c,
                  Real* dst_c, Real* dst_h);

// gates (B,4H): i f g o → gradients of the pre-activations. diff_h (B,H): gradient of h'. diff_c (B,H): in, gradient of
// c' from the step after; out, gradient of c.
template <class Real>
void lstm_backward(int rows, int hidden, const uint8_t* reset, Real* gates, const Real* src_c, const Real* dst_c,
                   const Real* diff_h, Real* diff_c);

// gates_x, gates_h (B,3H): the input's and the state's products without bias. r = σ(x+h), z = σ(x+h), n = tanh(x + r
// h), h' = (1-z) n + z h. After it gates_x holds r z n and the last third of gates_h the state's part of n.
template <class Real>
void gru_forward(int rows, int hidden, const Real* bias_x, const Real* bias_h, const uint8_t* reset, Real* gates_x,
                 Real* gates_h, const Real* src_h, Real* dst_h);

// gates_x, gates_h → gradients of either product. diff_h (B,H): in, gradient of h'; out, the part of h's gradient that
// does not go through the matrix product.
template <class Real>
void gru_backward(int rows, int hidden, const uint8_t* reset, Real* gates_x, Real* gates_h, const Real* src_h,
                  Real* diff_h);

// gates (B,H): pre-activation without bias → h' = tanh.
template <class Real>
void rnn_forward(int rows, int hidden, const Real* bias, Real* gates, Real* dst_h);

// gates (B,H): h' → gradient of the pre-activation.
template <class Real>
void rnn_backward(int rows, int hidden, Real* gates, const Real* diff_h);

// float is vectorized: cells_simd.cc.
template <>
void lstm_forward(int rows, int hidden, const float* bias, const uint8_t* reset, float* gates, const float* src_c,
                  float* dst_c, float* dst_h);
template <>
void lstm_backward(int rows, int hidden, const uint8_t* reset, float* gates, const float* src_c, const float* dst_c,
                   const float* diff_h, float* diff_c);
template <>
void gru_forward(int rows, int hidden, const float* bias_x, const float* bias_h, const uint8_t* reset, float* gates_x,
                 float* gates_h, const float* src_h, float* dst_h);
template <>
void gru_backward(int rows, int hidden, const uint8_t* reset, float* gates_x, float* gates_h, const float* src_h,
                  float* diff_h);
template <>
void rnn_forward(int rows, int hidden, const float* bias, float* gates, float* dst_h);
template <>
void rnn_backward(int rows, int hidden, float* gates, const float* diff_h);

}  // namespace fude
