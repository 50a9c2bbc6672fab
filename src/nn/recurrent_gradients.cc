// The gradients of a recurrent layer's weights: sums over all rows of a window.
#include "nn/recurrent_layer.h"

#include <algorithm>

#include "base/profile.h"
#include "compute/kernels/pointwise.h"
#include "nn/cell.h"

namespace fude {
namespace {

ProfileTimer gradient_timer("weight gradients: recurrent layers");
ProfileTimer table_timer("weight gradients: table of symbols");

}  // namespace

template <class Real, class Store>
void recurrent_weight_gradients(const RecurrentShape& shape, int gate, Range units, bool has_table,
                                const RecurrentGradients<Real>& gradients,
                                const RecurrentWorkspace<Real, Store>& workspace, TurnedRows<Store>& turned) {
  const ProfileScope scope(gradient_timer);
  const int rows = shape.steps * shape.batch_size, count = units.size();
  const auto hidden = static_cast<size_t>(shape.hidden_size), first = static_cast<size_t>(units.begin);
  const size_t output = static_cast<size_t>(gate) * hidden + first;
  const Store* const input_gate = workspace.input_gate(static_cast<size_t>(gate)) + first;
  const Store* const state_gate = workspace.state_gate(static_cast<size_t>(gate)) + first;
  Real* const weight_ih = gradients.weight_ih + output * static_cast<size_t>(shape.input_size);
  Real* const weight_hh = gradients.weight_hh + output * hidden;
  Real* const bias_hh = gradients.bias_hh + output;
  std::fill_n(bias_hh, count, Real{0});
  for (int part = 0; part < workspace.gradient_entering.parts(); ++part) {
    const Range range = workspace.gradient_entering.part(part);
    const auto diffs = [&](const Store* units_diff) {
      return MatrixView<const Store>(units_diff + static_cast<size_t>(range.begin) * hidden, range.size(), count,
                                     shape.hidden_size);
    };
    turned.turn(diffs(state_gate), [&](MatrixView<const Store> diff) {
      workspace.gradient_entering.multiply(part, diff, false, weight_hh);
      if (!has_table && input_gate == state_gate) workspace.gradient_src.multiply(part, diff, false, weight_ih);
    });
    if (!has_table && input_gate != state_gate)
      turned.turn(diffs(input_gate),
                  [&](MatrixView<const Store> diff) { workspace.gradient_src.multiply(part, diff, false, weight_ih); });
    add_column_sums(diffs(state_gate), bias_hh);
  }
  Real* const bias_ih = gradients.bias_ih + output;
  if (input_gate == state_gate) {
    std::copy_n(bias_hh, count, bias_ih);
  } else {
    std::fill_n(bias_ih, count, Real{0});
    add_column_sums(MatrixView<const Store>(input_gate, rows, count, shape.hidden_size), bias_ih);
  }
}

template <class Real, class Store>
void recurrent_table_gradients(const RecurrentShape& shape, int gate, Range units, const int32_t* ids, int symbols,
                               const RecurrentWorkspace<Real, Store>& workspace, Real* diff_table) {
  const ProfileScope scope(table_timer);
  const auto hidden = static_cast<size_t>(shape.hidden_size), first = static_cast<size_t>(units.begin);
  const size_t width = static_cast<size_t>(gate_count(shape.cell)) * hidden;
  Real* const table = diff_table + static_cast<size_t>(gate) * hidden + first;
  for (size_t symbol = 0; symbol < static_cast<size_t>(symbols); ++symbol)
    std::fill_n(table + symbol * width, units.size(), Real{0});
  const Store* diff = workspace.input_gate(static_cast<size_t>(gate)) + first;
  for (int place = 0; place < shape.steps * shape.batch_size; ++place, diff += hidden)
    add_column_sums(MatrixView<const Store>(diff, 1, units.size()), table + static_cast<size_t>(ids[place]) * width);
}

#define FUDE_INSTANTIATE(Real, Store)                                                                                \
  template void recurrent_weight_gradients(const RecurrentShape&, int, Range, bool, const RecurrentGradients<Real>&, \
                                           const RecurrentWorkspace<Real, Store>&, TurnedRows<Store>&);              \
  template void recurrent_table_gradients(const RecurrentShape&, int, Range, const int32_t*, int,                    \
                                          const RecurrentWorkspace<Real, Store>&, Real*)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
