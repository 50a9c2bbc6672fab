// One recurrent layer over a window: per step the input's product, the state's product and one pointwise pass.
// T steps, B rows, I inputs, H hidden units, G gates; time-major. Real is what is computed in, Store what the products
// read: Real, or bfloat16 beside float.
//
// Threads share a layer in one of two ways. By rows: each runs through all steps with rows of its own and waits for
// nobody. By units: each computes its units of all rows and waits for the others once a step; weights that a core's own
// cache does not hold are then read by one thread only. Only the gradients of the weights are sums over rows:
// recurrent_weight_gradients() divides those by outputs.
#pragma once

#include <cstdint>
#include <vector>

#include "base/parallel.h"
#include "compute/gemm.h"
#include "fude/nn/config.h"
#include "nn/division.h"
#include "nn/weight_gradient.h"
#include "nn/window_symbols.h"

namespace fude {

// The weights of some units, u of them, as right operands.
template <class Real, class Store>
struct UnitSlice {
  Range units;
  PackedMatrix<Real, Store> forward_ih, forward_hh;    // (I, G·u), (H, G·u): gate after gate
  std::vector<PackedMatrix<Real, Store>> backward_hh;  // (H, u) for each gate; packed for training
};

template <class Real, class Store>
struct RecurrentWeights {
  std::vector<UnitSlice<Real, Store>> slices;
  std::vector<PackedMatrix<Real, Store>> backward_ih;  // (H, I) for each gate; packed for training
  std::vector<Real> bias;                              // (G·H) bias_ih + bias_hh, for cells that only need the sum
  const Real* bias_ih = nullptr;                       // (G·H)
  const Real* bias_hh = nullptr;                       // (G·H)
};

// Input products that are looked up by place: of each symbol, (rows, G·u) of one slice after the other.
template <class Real>
struct ProductTable {
  const Real* products = nullptr;  // null: no table
  int rows = 0;
  const int32_t* index = nullptr;  // (T,B) the row of each place
};

// Where a layer's gradients go; views into Parameters.
template <class Real>
struct RecurrentGradients {
  Real* weight_ih = nullptr;  // (G·H, I)
  Real* weight_hh = nullptr;  // (G·H, H)
  Real* bias_ih = nullptr;    // (G·H)
  Real* bias_hh = nullptr;    // (G·H)
};

// What forward leaves for backward. Buffers only grow.
template <class Real, class Store>
struct RecurrentWorkspace {
  std::vector<Store> gates;     // (G,T,B,H) activations; backward: gradients of the products
  std::vector<Store> state_n;   // GRU: (T,B,H) the state's part of n; backward: gradient of the state's product for n
  std::vector<Store> entering;  // (T,B,H) the state as it enters the recurrent product: reset and masked
  std::vector<Store> outputs;   // (T+1,B,H) h before each step and after the last
  std::vector<Real> c;          // LSTM: (T+1,B,H) likewise
  std::vector<Real> carried;    // (B,H) h after the step that the next window begins with, when it is not the last
  std::vector<Real> mask;       // (B,H) dropout on the state; used when `masked`
  std::vector<Real> diff_c;     // (B,H) LSTM: gradient of c, at last of the starting one
  std::vector<Real> diff_h;     // (B,H) GRU: gradient of h past the product; at last all of the starting h's
  bool masked = false;
  // (G,rows,H) where the input's products came from a table; backward: their gradients, summed by symbol.
  std::vector<Store> symbol_gates;
  GradientRows<Real, Store> gradient_src, gradient_entering;  // (T,B,I) and (T,B,H) for the gradients of weights

  size_t plane = 0;  // elements of a gate's (T,B,H)
  bool has_state_n = false;

  // (T,B,H): of one gate, the gradients of the input's or the state's products.
  const Store* input_gate(size_t gate) const { return gates.data() + gate * plane; }
  const Store* state_gate(size_t gate) const { return gate == 2 && has_state_n ? state_n.data() : input_gate(gate); }
  // The layer's output, (T,B,H).
  const Store* output(size_t state_size) const { return outputs.data() + state_size; }
};

// Products on their way, of one slice in the hands of one member.
template <class Real, class Store>
struct SliceScratch {
  std::vector<Real> products;    // (rows of several steps, G·u)
  std::vector<Real> products_h;  // GRU: (rows, 3u)
  std::vector<Real> through;     // (rows, u)
  std::vector<Store> gathered;   // (rows of several steps, I or H) where they do not lie side by side
};

struct RecurrentShape {
  CellKind cell = CellKind::kLstm;
  int steps = 0, batch_size = 0, input_size = 0, hidden_size = 0;
};

// What one member of a team does of a layer.
template <class Real, class Store>
struct RecurrentShare {
  Team* team = nullptr;  // whom to wait for at each step; null: the rows are nobody else's
  int member = 0;
  Range rows;
  Range slices;
  SliceScratch<Real, Store>* scratch = nullptr;  // one a slice, from slices.begin
  // Whether rows of several steps are brought together for an input product, where they do not lie so: worth it where
  // products need many rows to be fast.
  bool gathers = false;
};

// Makes room for a window that begins from h and c (B,H). Before recurrent_forward, by one thread; the scratch apart,
// which is its member's own.
template <class Real, class Store>
void recurrent_prepare(const RecurrentShape& shape, const Real* start_c, RecurrentWorkspace<Real, Store>& workspace);

// src (T,B,I) → workspace.outputs; the products of a `table` take the place of those of src. h (B,H): in,
// before the window; out, after it; `carry` is the step whose h goes to workspace.carried. workspace.mask must be set
// when workspace.masked is.
template <class Real, class Store>
void recurrent_forward(const RecurrentShape& shape, const RecurrentShare<Real, Store>& share,
                       const RecurrentWeights<Real, Store>& weights, const Store* src, const ProductTable<Real>& table,
                       const uint8_t* reset, int carry, Real* h, RecurrentWorkspace<Real, Store>& workspace);

// diff_dst (T,B,H) → diff_src (T,B,I; null: not wanted), the gradients of the gates, and those of the starting state in
// workspace.diff_h / diff_c; recurrent_prepare_backward has made room.
template <class Real, class Store>
void recurrent_prepare_backward(const RecurrentShape& shape, RecurrentWorkspace<Real, Store>& workspace);
template <class Real, class Store>
void recurrent_backward(const RecurrentShape& shape, const RecurrentShare<Real, Store>& share,
                        const RecurrentWeights<Real, Store>& weights, const uint8_t* reset, const Real* diff_dst,
                        Real* diff_src, RecurrentWorkspace<Real, Store>& workspace);

// After recurrent_backward of all rows, with workspace.gradient_entering and gradient_src packed: the gradients of the
// weights into some units of one gate, at most kGradientOutputs. Where the input's products came from a table,
// gradient_src holds the rows of its `symbols`, and the gates' gradients are summed by symbol into symbol_gates.
template <class Real, class Store>
void recurrent_weight_gradients(const RecurrentShape& shape, int gate, Range units, const WindowSymbols* symbols,
                                const RecurrentGradients<Real>& gradients, RecurrentWorkspace<Real, Store>& workspace,
                                TurnedRows<Store>& turned);

// Makes room for `size` elements; the content is unspecified.
template <class T>
void ensure_size(std::vector<T>& buffer, size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

}  // namespace fude
