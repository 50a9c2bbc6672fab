// The pointwise half of a recurrent cell: what happens to some rows and units of one time step around the matrix
// products.
//
// Gate order is PyTorch's: LSTM i f g o, GRU r z n. Products come without bias as (rows, G·units), gate after gate.
// Buffers of the whole layer have `hidden` units a row, and a plane of such rows for each gate: a call gets pointers to
// its first unit, in the first gate. Real is what is computed in, Store what matrix products read: Real, or bfloat16
// beside float.
#pragma once

#include <cstddef>
#include <cstdint>

#include "compute/bfloat16.h"

namespace fude {

struct CellShape {
  int rows = 0;
  int units = 0;     // of this call
  int hidden = 0;    // of the layer
  size_t plane = 0;  // elements from a unit's place in one gate to that in the next
};

// Where a step's h goes.
template <class Real, class Store = Real>
struct HiddenOutput {
  Real* state = nullptr;           // (rows, hidden) h itself: in, of the step before; out, of this one
  Store* dst = nullptr;            // (rows, hidden) the layer's output
  Store* entering = nullptr;       // (rows, hidden) what enters the next step's product; null: there is none
  const Real* mask = nullptr;      // (rows, hidden) on what enters; null: none
  const uint8_t* reset = nullptr;  // (rows) 1: nothing enters the next step; null: never
};

// Where the gradient of a step's h comes from.
template <class Real>
struct HiddenGradient {
  const Real* diff_dst = nullptr;  // (rows, hidden) through the layer's output
  const Real* through = nullptr;   // (rows, units) through the next step's product; null: there is none
  const Real* mask = nullptr;      // (rows, hidden) as in HiddenOutput
  const uint8_t* reset = nullptr;  // (rows) of the next step
};

// c' = f c + i g, h' = o tanh(c').
template <class Real, class Store = Real>
struct LstmForward {
  const Real* products = nullptr;  // (rows, 4·units) of input and state together
  const Real* bias = nullptr;      // (4·hidden)
  const uint8_t* reset = nullptr;  // (rows) 1: the state entering the step counts as zero; null: never
  const Real* src_c = nullptr;     // (rows, hidden)
  Real* dst_c = nullptr;           // (rows, hidden)
  Store* gates = nullptr;          // (4, rows, hidden) out: i f g o
  HiddenOutput<Real, Store> h;
};

template <class Real, class Store = Real>
struct LstmBackward {
  const uint8_t* reset = nullptr;
  const Real* src_c = nullptr;
  const Real* dst_c = nullptr;
  Store* gates = nullptr;  // (4, rows, hidden) in: i f g o; out: gradients of the products
  Real* diff_c = nullptr;  // (rows, hidden) in: gradient of c' from the step after; out: gradient of c
  HiddenGradient<Real> h;
};

// r = σ(x + h), z = σ(x + h), n = tanh(x + r h), h' = (1 - z) n + z h of the products x and h with their biases.
template <class Real, class Store = Real>
struct GruForward {
  const Real* products_x = nullptr;  // (rows, 3·units) of the input
  const Real* products_h = nullptr;  // (rows, 3·units) of the state
  const Real* bias_x = nullptr;      // (3·hidden)
  const Real* bias_h = nullptr;      // (3·hidden)
  const uint8_t* reset = nullptr;
  Store* gates = nullptr;    // (3, rows, hidden) out: r z n
  Store* state_n = nullptr;  // (rows, hidden) out: the state's part of n, before r
  HiddenOutput<Real, Store> h;
};

template <class Real, class Store = Real>
struct GruBackward {
  const uint8_t* reset = nullptr;
  const Store* src_h = nullptr;  // (rows, hidden) h before the step
  Store* gates = nullptr;        // (3, rows, hidden) in: r z n; out: gradients of the input's products
  Store* state_n = nullptr;  // (rows, hidden) out: gradient of the state's product for n; those for r, z are the same
  Real* past = nullptr;      // (rows, hidden) gradient of h that goes past the product: in, of h'; out, of h
  HiddenGradient<Real> h;
};

// h' = tanh.
template <class Real, class Store = Real>
struct RnnForward {
  const Real* products = nullptr;  // (rows, units) of input and state together
  const Real* bias = nullptr;      // (hidden)
  Store* gates = nullptr;          // (rows, hidden) out: h'
  HiddenOutput<Real, Store> h;
};

template <class Real, class Store = Real>
struct RnnBackward {
  Store* gates = nullptr;  // (rows, hidden) in: h'; out: gradient of the product
  HiddenGradient<Real> h;
};

// What enters the first step: h.entering and h.dst from h.state, with h.mask and h.reset of that step.
template <class Real, class Store>
void enter(const CellShape& shape, const HiddenOutput<Real, Store>& h);
// Its gradient: dst (rows, hidden) = h.through after mask and reset; h.diff_dst is not read.
template <class Real>
void enter_backward(const CellShape& shape, const HiddenGradient<Real>& h, Real* dst);

template <class Real, class Store>
void cell_forward(const CellShape& shape, const LstmForward<Real, Store>& step);
template <class Real, class Store>
void cell_forward(const CellShape& shape, const GruForward<Real, Store>& step);
template <class Real, class Store>
void cell_forward(const CellShape& shape, const RnnForward<Real, Store>& step);
template <class Real, class Store>
void cell_backward(const CellShape& shape, const LstmBackward<Real, Store>& step);
template <class Real, class Store>
void cell_backward(const CellShape& shape, const GruBackward<Real, Store>& step);
template <class Real, class Store>
void cell_backward(const CellShape& shape, const RnnBackward<Real, Store>& step);

// double is written plainly (cells.cc); float is vectorized (cells_simd.cc).
#define FUDE_FLOAT_CELLS(Store)                                            \
  template <>                                                              \
  void enter(const CellShape&, const HiddenOutput<float, Store>&);         \
  template <>                                                              \
  void cell_forward(const CellShape&, const LstmForward<float, Store>&);   \
  template <>                                                              \
  void cell_forward(const CellShape&, const GruForward<float, Store>&);    \
  template <>                                                              \
  void cell_forward(const CellShape&, const RnnForward<float, Store>&);    \
  template <>                                                              \
  void cell_backward(const CellShape&, const LstmBackward<float, Store>&); \
  template <>                                                              \
  void cell_backward(const CellShape&, const GruBackward<float, Store>&);  \
  template <>                                                              \
  void cell_backward(const CellShape&, const RnnBackward<float, Store>&)
FUDE_FLOAT_CELLS(float);
FUDE_FLOAT_CELLS(BFloat16);
#undef FUDE_FLOAT_CELLS
template <>
void enter_backward(const CellShape&, const HiddenGradient<float>&, float*);

}  // namespace fude
