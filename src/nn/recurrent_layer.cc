#include "nn/recurrent_layer.h"

#include <algorithm>

#include "compute/kernels/cells.h"
#include "compute/kernels/pointwise.h"
#include "nn/cell.h"

namespace fude {
namespace {

// Rows of a product that are enough for its full speed: steps of a narrow batch are taken together until there are.
constexpr int kEnoughRows = 32;

template <class Real>
void zero_reset_rows(const uint8_t* reset, int rows, int cols, Real* matrix) {
  if (reset == nullptr) return;
  for (int row = 0; row < rows; ++row)
    if (reset[row] != 0) std::fill_n(matrix + static_cast<size_t>(row) * cols, cols, Real{0});
}

// Steps of the window whose products' sum is one part of a weight gradient: more would not stay in the cache.
constexpr int kGradientRows = 512;

// Places in time-major buffers as some rows of a batch see them.
class Places {
 public:
  Places(const RecurrentShape& shape, Rows rows) : batch_(shape.batch_size), first_(rows.begin) {}
  // The first of the rows at `step` in a buffer of `width` columns.
  size_t at(int step, int width) const { return (static_cast<size_t>(step) * batch_ + first_) * width; }
  const uint8_t* reset(const uint8_t* reset, int step) const {
    return reset == nullptr ? nullptr : reset + static_cast<size_t>(step) * batch_ + first_;
  }

 private:
  int batch_, first_;
};

}  // namespace

template <class Real>
void recurrent_prepare(const RecurrentShape& shape, const RecurrentWeights<Real>& weights, const Real* start_h,
                       const Real* start_c, RecurrentWorkspace<Real>& workspace) {
  const int hidden = shape.hidden_size, width = gate_count(shape.cell) * hidden;
  const size_t state_size = static_cast<size_t>(shape.batch_size) * hidden;
  const size_t rows = static_cast<size_t>(shape.steps) * shape.batch_size;
  ensure_size(workspace.gates, rows * width);
  ensure_size(workspace.entering, rows * hidden);
  if (shape.cell == CellKind::kGru) ensure_size(workspace.gates_h, rows * width);
  if (has_cell_state(shape.cell)) {
    ensure_size(workspace.c, state_size * (shape.steps + 1));
    std::copy_n(start_c, state_size, workspace.c.data());
  }
  ensure_size(workspace.start_h, state_size);
  std::copy_n(start_h, state_size, workspace.start_h.data());
  ensure_size(workspace.bias, static_cast<size_t>(width));
  add(static_cast<size_t>(width), weights.bias_ih, weights.bias_hh, workspace.bias.data());
}

template <class Real>
void recurrent_forward(const RecurrentShape& shape, Rows rows, const RecurrentWeights<Real>& weights, const Real* src,
                       const uint8_t* reset, Real* dst, RecurrentWorkspace<Real>& workspace) {
  const int hidden = shape.hidden_size, inputs = shape.input_size, count = rows.size();
  const int width = gate_count(shape.cell) * hidden;
  const size_t state_size = static_cast<size_t>(count) * hidden;
  const bool gru = shape.cell == CellKind::kGru;
  const Places places(shape, rows);
  // The rows of several steps lie side by side only when they are all rows.
  const int steps_at_once = count == shape.batch_size ? std::max(1, kEnoughRows / count) : 1;

  for (int step = 0; step < shape.steps; ++step) {
    Real* const gates = workspace.gates.data() + places.at(step, width);
    if (step % steps_at_once == 0) {
      const int together = count * std::min(steps_at_once, shape.steps - step);
      weights.forward_ih.multiply({src + places.at(step, inputs), together, inputs}, 0, {gates, together, width});
    }

    const Real* const src_h =
        step == 0 ? workspace.start_h.data() + places.at(0, hidden) : dst + places.at(step - 1, hidden);
    Real* const dst_h = dst + places.at(step, hidden);
    Real* const entering = workspace.entering.data() + places.at(step, hidden);
    const uint8_t* const fresh = places.reset(reset, step);
    if (workspace.masked) {
      multiply(state_size, src_h, workspace.mask.data() + places.at(0, hidden), entering);
    } else {
      std::copy_n(src_h, state_size, entering);
    }
    zero_reset_rows(fresh, count, hidden, entering);

    Real* const products = gru ? workspace.gates_h.data() + places.at(step, width) : gates;
    weights.forward_hh.multiply({entering, count, hidden}, gru ? Real{0} : Real{1}, {products, count, width});

    switch (shape.cell) {
      case CellKind::kLstm:
        lstm_forward(count, hidden, workspace.bias.data(), fresh, gates, workspace.c.data() + places.at(step, hidden),
                     workspace.c.data() + places.at(step + 1, hidden), dst_h);
        break;
      case CellKind::kGru:
        gru_forward(count, hidden, weights.bias_ih, weights.bias_hh, fresh, gates, products, src_h, dst_h);
        break;
      case CellKind::kRnn:
        rnn_forward(count, hidden, workspace.bias.data(), gates, dst_h);
        break;
    }
  }
}

template <class Real>
void recurrent_prepare_backward(const RecurrentShape& shape, RecurrentWorkspace<Real>& workspace) {
  const size_t state_size = static_cast<size_t>(shape.batch_size) * shape.hidden_size;
  workspace.diff_h.assign(state_size, Real{0});
  workspace.diff_c.assign(has_cell_state(shape.cell) ? state_size : 0, Real{0});
  ensure_size(workspace.diff_entering, state_size);
}

template <class Real>
void recurrent_backward(const RecurrentShape& shape, Rows rows, const RecurrentWeights<Real>& weights,
                        const uint8_t* reset, const Real* dst, const Real* diff_dst, Real* diff_src,
                        RecurrentWorkspace<Real>& workspace) {
  const int hidden = shape.hidden_size, inputs = shape.input_size, count = rows.size();
  const int width = gate_count(shape.cell) * hidden;
  const size_t state_size = static_cast<size_t>(count) * hidden;
  const bool gru = shape.cell == CellKind::kGru;
  const Places places(shape, rows);
  const int steps_at_once = count == shape.batch_size ? std::max(1, kEnoughRows / count) : 1;
  const size_t first = places.at(0, hidden);
  Real* const diff_h = workspace.diff_h.data() + first;
  Real* const through = workspace.diff_entering.data() + first;

  for (int step = shape.steps - 1; step >= 0; --step) {
    const Real* const src_h = step == 0 ? workspace.start_h.data() + first : dst + places.at(step - 1, hidden);
    Real* const gates = workspace.gates.data() + places.at(step, width);
    Real* const products = gru ? workspace.gates_h.data() + places.at(step, width) : gates;
    const uint8_t* const fresh = places.reset(reset, step);

    add(state_size, diff_dst + places.at(step, hidden), diff_h, diff_h);
    switch (shape.cell) {
      case CellKind::kLstm:
        lstm_backward(count, hidden, fresh, gates, workspace.c.data() + places.at(step, hidden),
                      workspace.c.data() + places.at(step + 1, hidden), diff_h, workspace.diff_c.data() + first);
        break;
      case CellKind::kGru:
        gru_backward(count, hidden, fresh, gates, products, src_h, diff_h);
        break;
      case CellKind::kRnn:
        rnn_backward(count, hidden, gates, diff_h);
        break;
    }

    // Through the recurrent product; a GRU's state has a second way out, past the product, that gru_backward left in
    // diff_h.
    weights.backward_hh.multiply({products, count, width}, 0, {through, count, hidden});
    if (workspace.masked) multiply(state_size, through, workspace.mask.data() + first, through);
    zero_reset_rows(fresh, count, hidden, through);
    if (gru) {
      add(state_size, through, diff_h, diff_h);
    } else {
      std::copy_n(through, state_size, diff_h);
    }
    if (step % steps_at_once == 0) {
      const int together = count * std::min(steps_at_once, shape.steps - step);
      weights.backward_ih.multiply({gates, together, width}, 0, {diff_src + places.at(step, inputs), together, inputs});
    }
  }
}

template <class Real>
void recurrent_weight_gradients(const RecurrentShape& shape, Rows outputs, const Real* src,
                                const RecurrentGradients<Real>& gradients, const RecurrentWorkspace<Real>& workspace) {
  const int hidden = shape.hidden_size, inputs = shape.input_size, rows = shape.steps * shape.batch_size;
  const int width = gate_count(shape.cell) * hidden, count = outputs.size(), first = outputs.begin;
  const bool gru = shape.cell == CellKind::kGru;
  const auto at = static_cast<size_t>(first);
  for (int begin = 0; begin < rows; begin += kGradientRows) {
    const int taken = std::min(kGradientRows, rows - begin);
    const auto from = static_cast<size_t>(begin);
    const MatrixView<const Real> diff_gates(workspace.gates.data() + from * width + at, taken, count, width);
    const MatrixView<const Real> diff_products((gru ? workspace.gates_h : workspace.gates).data() + from * width + at,
                                               taken, count, width);
    gemm<Real>(Transpose::kYes, Transpose::kNo, diff_gates, {src + from * inputs, taken, inputs}, 1,
               {gradients.weight_ih + at * inputs, count, inputs});
    gemm<Real>(Transpose::kYes, Transpose::kNo, diff_products,
               {workspace.entering.data() + from * hidden, taken, hidden}, 1,
               {gradients.weight_hh + at * hidden, count, hidden});
    add_column_sums(diff_gates, gradients.bias_ih + at);
    add_column_sums(diff_products, gradients.bias_hh + at);
  }
}

#define FUDE_INSTANTIATE(Real)                                                                                        \
  template void recurrent_prepare(const RecurrentShape&, const RecurrentWeights<Real>&, const Real*, const Real*,     \
                                  RecurrentWorkspace<Real>&);                                                         \
  template void recurrent_forward(const RecurrentShape&, Rows, const RecurrentWeights<Real>&, const Real*,            \
                                  const uint8_t*, Real*, RecurrentWorkspace<Real>&);                                  \
  template void recurrent_prepare_backward(const RecurrentShape&, RecurrentWorkspace<Real>&);                         \
  template void recurrent_backward(const RecurrentShape&, Rows, const RecurrentWeights<Real>&, const uint8_t*,        \
                                   const Real*, const Real*, Real*, RecurrentWorkspace<Real>&);                       \
  template void recurrent_weight_gradients(const RecurrentShape&, Rows, const Real*, const RecurrentGradients<Real>&, \
                                           const RecurrentWorkspace<Real>&)
FUDE_INSTANTIATE(float);
FUDE_INSTANTIATE(double);
#undef FUDE_INSTANTIATE

}  // namespace fude
