// One recurrent layer over a window: the input products of all steps in one GEMM, then per step one recurrent product
// and one pointwise pass. T steps, B rows, I inputs, H hidden units, G gates; time-major.
#pragma once

#include <cstdint>
#include <vector>

#include "fude/nn/config.h"

namespace fude {

// Weights of a layer and where their gradients are added; views into Parameters.
template <class Real>
struct RecurrentWeights {
  const Real* weight_ih = nullptr;  // (G·H, I)
  const Real* weight_hh = nullptr;  // (G·H, H)
  const Real* bias_ih = nullptr;    // (G·H)
  const Real* bias_hh = nullptr;    // (G·H)
};

template <class Real>
struct RecurrentGradients {
  Real* weight_ih = nullptr;
  Real* weight_hh = nullptr;
  Real* bias_ih = nullptr;
  Real* bias_hh = nullptr;
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

// src (T,B,I) → dst (T,B,H). start_h and start_c (B,H) are the state before the first step. workspace.mask must be set
// when workspace.masked is.
template <class Real>
void recurrent_forward(const RecurrentShape& shape, const RecurrentWeights<Real>& weights, const Real* src,
                       const uint8_t* reset, const Real* start_h, const Real* start_c, Real* dst,
                       RecurrentWorkspace<Real>& workspace);

// diff_dst (T,B,H) → diff_src (T,B,I), weight gradients (added), and the gradients of the starting state in
// workspace.diff_h / diff_c (B,H).
template <class Real>
void recurrent_backward(const RecurrentShape& shape, const RecurrentWeights<Real>& weights, const Real* src,
                        const uint8_t* reset, const Real* dst, const Real* diff_dst, Real* diff_src,
                        const RecurrentGradients<Real>& gradients, RecurrentWorkspace<Real>& workspace);

// Makes room for `size` elements; the content is unspecified.
template <class Real>
void ensure_size(std::vector<Real>& buffer, size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

}  // namespace fude
