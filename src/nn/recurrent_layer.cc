#include "nn/recurrent_layer.h"

#include <algorithm>

#include "compute/gemm.h"
#include "compute/kernels/cells.h"
#include "compute/kernels/pointwise.h"
#include "nn/cell.h"

namespace fude {
namespace {

const uint8_t* reset_at(const uint8_t* reset, int step, int batch_size) {
  return reset == nullptr ? nullptr : reset + static_cast<size_t>(step) * batch_size;
}

template <class Real>
void zero_reset_rows(const uint8_t* reset, int rows, int cols, Real* matrix) {
  if (reset == nullptr) return;
  for (int row = 0; row < rows; ++row)
    if (reset[row] != 0) std::fill_n(matrix + static_cast<size_t>(row) * cols, cols, Real{0});
}

}  // namespace

template <class Real>
void recurrent_forward(const RecurrentShape& shape, const RecurrentWeights<Real>& weights, const Real* src,
                       const uint8_t* reset, const Real* start_h, const Real* start_c, Real* dst,
                       RecurrentWorkspace<Real>& workspace) {
  const int hidden = shape.hidden_size, batch = shape.batch_size, rows = shape.steps * batch;
  const int width = gate_count(shape.cell) * hidden;
  const size_t state_size = static_cast<size_t>(batch) * hidden;
  const bool gru = shape.cell == CellKind::kGru, lstm = shape.cell == CellKind::kLstm;

  ensure_size(workspace.gates, static_cast<size_t>(rows) * width);
  ensure_size(workspace.entering, static_cast<size_t>(rows) * hidden);
  if (gru) ensure_size(workspace.gates_h, static_cast<size_t>(rows) * width);
  if (lstm) {
    ensure_size(workspace.c, state_size * (shape.steps + 1));
    std::copy_n(start_c, state_size, workspace.c.data());
  }
  ensure_size(workspace.start_h, state_size);
  std::copy_n(start_h, state_size, workspace.start_h.data());
  ensure_size(workspace.bias, static_cast<size_t>(width));
  add(static_cast<size_t>(width), weights.bias_ih, weights.bias_hh, workspace.bias.data());

  gemm<Real>(Transpose::kNo, Transpose::kYes, {src, rows, shape.input_size},
             {weights.weight_ih, width, shape.input_size}, 0, {workspace.gates.data(), rows, width});

  for (int step = 0; step < shape.steps; ++step) {
    const Real* const src_h = step == 0 ? workspace.start_h.data() : dst + state_size * (step - 1);
    Real* const dst_h = dst + state_size * step;
    Real* const entering = workspace.entering.data() + state_size * step;
    Real* const gates = workspace.gates.data() + static_cast<size_t>(step) * batch * width;
    const uint8_t* const fresh = reset_at(reset, step, batch);

    if (workspace.masked) {
      multiply(state_size, src_h, workspace.mask.data(), entering);
    } else {
      std::copy_n(src_h, state_size, entering);
    }
    zero_reset_rows(fresh, batch, hidden, entering);

    Real* const products = gru ? workspace.gates_h.data() + static_cast<size_t>(step) * batch * width : gates;
    gemm<Real>(Transpose::kNo, Transpose::kYes, {entering, batch, hidden}, {weights.weight_hh, width, hidden},
               gru ? Real{0} : Real{1}, {products, batch, width});

    switch (shape.cell) {
      case CellKind::kLstm: {
        Real* const c = workspace.c.data() + state_size * step;
        lstm_forward(batch, hidden, workspace.bias.data(), fresh, gates, c, c + state_size, dst_h);
        break;
      }
      case CellKind::kGru:
        gru_forward(batch, hidden, weights.bias_ih, weights.bias_hh, fresh, gates, products, src_h, dst_h);
        break;
      case CellKind::kRnn:
        rnn_forward(batch, hidden, workspace.bias.data(), gates, dst_h);
        break;
    }
  }
}

template <class Real>
void recurrent_backward(const RecurrentShape& shape, const RecurrentWeights<Real>& weights, const Real* src,
                        const uint8_t* reset, const Real* dst, const Real* diff_dst, Real* diff_src,
                        const RecurrentGradients<Real>& gradients, RecurrentWorkspace<Real>& workspace) {
  const int hidden = shape.hidden_size, batch = shape.batch_size, rows = shape.steps * batch;
  const int width = gate_count(shape.cell) * hidden;
  const size_t state_size = static_cast<size_t>(batch) * hidden;
  const bool gru = shape.cell == CellKind::kGru, lstm = shape.cell == CellKind::kLstm;

  workspace.diff_h.assign(state_size, Real{0});
  workspace.diff_c.assign(lstm ? state_size : 0, Real{0});
  ensure_size(workspace.diff_entering, state_size);
  Real* const diff_h = workspace.diff_h.data();

  for (int step = shape.steps - 1; step >= 0; --step) {
    const Real* const src_h = step == 0 ? workspace.start_h.data() : dst + state_size * (step - 1);
    Real* const gates = workspace.gates.data() + static_cast<size_t>(step) * batch * width;
    Real* const products = gru ? workspace.gates_h.data() + static_cast<size_t>(step) * batch * width : gates;
    const uint8_t* const fresh = reset_at(reset, step, batch);

    add(state_size, diff_dst + state_size * step, diff_h, diff_h);
    switch (shape.cell) {
      case CellKind::kLstm: {
        const Real* const c = workspace.c.data() + state_size * step;
        lstm_backward(batch, hidden, fresh, gates, c, c + state_size, diff_h, workspace.diff_c.data());
        break;
      }
      case CellKind::kGru:
        gru_backward(batch, hidden, fresh, gates, products, src_h, diff_h);
        break;
      case CellKind::kRnn:
        rnn_backward(batch, hidden, gates, diff_h);
        break;
    }

    // Through the recurrent product; a GRU's state has a second way out, past the product, that gru_backward left in
    // diff_h.
    Real* const through = workspace.diff_entering.data();
    gemm<Real>(Transpose::kNo, Transpose::kNo, {products, batch, width}, {weights.weight_hh, width, hidden}, 0,
               {through, batch, hidden});
    if (workspace.masked) multiply(state_size, through, workspace.mask.data(), through);
    zero_reset_rows(fresh, batch, hidden, through);
    if (gru) {
      add(state_size, through, diff_h, diff_h);
    } else {
      std::copy_n(through, state_size, diff_h);
    }
  }

  const Real* const diff_products = gru ? workspace.gates_h.data() : workspace.gates.data();
  gemm<Real>(Transpose::kYes, Transpose::kNo, {workspace.gates.data(), rows, width}, {src, rows, shape.input_size}, 1,
             {gradients.weight_ih, width, shape.input_size});
  gemm<Real>(Transpose::kYes, Transpose::kNo, {diff_products, rows, width}, {workspace.entering.data(), rows, hidden},
             1, {gradients.weight_hh, width, hidden});
  add_column_sums(rows, width, workspace.gates.data(), gradients.bias_ih);
  add_column_sums(rows, width, diff_products, gradients.bias_hh);
  gemm<Real>(Transpose::kNo, Transpose::kNo, {workspace.gates.data(), rows, width},
             {weights.weight_ih, width, shape.input_size}, 0, {diff_src, rows, shape.input_size});
}

#define FUDE_INSTANTIATE(Real)                                                                                        \
  template void recurrent_forward(const RecurrentShape&, const RecurrentWeights<Real>&, const Real*, const uint8_t*,  \
                                  const Real*, const Real*, Real*, RecurrentWorkspace<Real>&);                        \
  template void recurrent_backward(const RecurrentShape&, const RecurrentWeights<Real>&, const Real*, const uint8_t*, \
                                   const Real*, const Real*, Real*, const RecurrentGradients<Real>&,                  \
                                   RecurrentWorkspace<Real>&)
FUDE_INSTANTIATE(float);
FUDE_INSTANTIATE(double);
#undef FUDE_INSTANTIATE

}  // namespace fude
