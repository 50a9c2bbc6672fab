// One recurrent layer over a window: per step the input's product, the state's product and one pointwise pass.
// T steps, B rows, I inputs, H hidden units, G gates; time-major.
//
// Rows of a batch do not meet in a layer: threads take some rows each and run through all steps with them. Only the
// gradients of the weights are sums over rows; recurrent_weight_gradients() divides those by outputs.
#pragma once

#include <cstdint>
#include <vector>

#include "compute/gemm.h"
#include "fude/nn/config.h"

namespace fude {

// Weights of a layer. The packed ones are op(W) as the right operand of forward (transposed) and backward products.
template <class Real>
struct RecurrentWeights {
  PackedMatrix<Real> forward_ih, forward_hh;    // (I, G·H), (H, G·H)
  PackedMatrix<Real> backward_ih, backward_hh;  // (G·H, I), (G·H, H); packed for training
  const Real* bias_ih = nullptr;                // (G·H)
  const Real* bias_hh = nullptr;                // (G·H)
};

// Where a layer's gradients are added; views into Parameters.
template <class Real>
struct RecurrentGradients {
  Real* weight_ih = nullptr;  // (G·H, I)
  Real* weight_hh = nullptr;  // (G·H, H)
  Real* bias_ih = nullptr;    // (G·H)
  Real* bias_hh = nullptr;    // (G·H)
};

// What forward leaves for backward. Buffers only grow.
template <class Real>
struct RecurrentWorkspace {
  std::vector<Real> gates;     // (T,B,G·H) activations; backward: gradients of the input products
  std::vector<Real> gates_h;   // GRU: (T,B,3H) the state's products; backward: their gradients
  std::vector<Real> entering;  // (T,B,H) the state as it enters the recurrent product: reset and masked
  std::vector<Real> start_h;   // (B,H)
  std::vector<Real> c;         // LSTM: (T+1,B,H), c before each step and after the last
  std::vector<Real> mask;      // (B,H) dropout on the state; used when `masked`
  std::vector<Real> bias;      // (G·H) bias_ih + bias_hh, for cells that only need the sum
  std::vector<Real> diff_h, diff_c, diff_entering;  // (B,H) each, of backward
  bool masked = false;
};

struct RecurrentShape {
  CellKind cell = CellKind::kLstm;
  int steps = 0, batch_size = 0, input_size = 0, hidden_size = 0;
};

// Rows begin..end-1 of a batch.
struct Rows {
  int begin = 0, end = 0;
  int size() const { return end - begin; }
};

// Makes room for a window that begins from start_h and start_c (B,H). Before recurrent_forward, by one thread.
template <class Real>
void recurrent_prepare(const RecurrentShape& shape, const RecurrentWeights<Real>& weights, const Real* start_h,
                       const Real* start_c, RecurrentWorkspace<Real>& workspace);

// src (T,B,I) → dst (T,B,H) for some rows. workspace.mask must be set when workspace.masked is.
template <class Real>
void recurrent_forward(const RecurrentShape& shape, Rows rows, const RecurrentWeights<Real>& weights, const Real* src,
                       const uint8_t* reset, Real* dst, RecurrentWorkspace<Real>& workspace);

// diff_dst (T,B,H) → diff_src (T,B,I), the gradients of the gates, and those of the starting state in
// workspace.diff_h / diff_c (B,H), for some rows; recurrent_prepare_backward has made room.
template <class Real>
void recurrent_prepare_backward(const RecurrentShape& shape, RecurrentWorkspace<Real>& workspace);
template <class Real>
void recurrent_backward(const RecurrentShape& shape, Rows rows, const RecurrentWeights<Real>& weights,
                        const uint8_t* reset, const Real* dst, const Real* diff_dst, Real* diff_src,
                        RecurrentWorkspace<Real>& workspace);

// After recurrent_backward of all rows: adds the weights' gradients for gate outputs begin..end-1 of the G·H.
template <class Real>
void recurrent_weight_gradients(const RecurrentShape& shape, Rows outputs, const Real* src,
                                const RecurrentGradients<Real>& gradients, const RecurrentWorkspace<Real>& workspace);

// Makes room for `size` elements; the content is unspecified.
template <class Real>
void ensure_size(std::vector<Real>& buffer, size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

}  // namespace fude
