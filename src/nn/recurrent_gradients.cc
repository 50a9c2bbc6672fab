// The gradients of a recurrent layer's weights: sums over all rows of a window.
#include "nn/recurrent_layer.h"

#include <algorithm>
#include <array>

#include "base/profile.h"
#include "compute/kernels/pointwise.h"
#include "nn/cell.h"

namespace fude {
namespace {

ProfileTimer gradient_timer("weight gradients: recurrent layers");
ProfileTimer symbol_timer("weight gradients: sums by symbol");

// Of some units of a gate: sums over the places of each symbol.
template <class Real, class Store>
void sum_by_symbol(const WindowSymbols& symbols, Range units, size_t hidden, const Store* gate, Store* symbol_gate) {
  const ProfileScope scope(symbol_timer);
  std::array<Real, kGradientOutputs> sums;
  const auto first = static_cast<size_t>(units.begin);
  for (int row = 0; row < symbols.rows(); ++row) {
    std::fill_n(sums.data(), units.size(), Real{0});
    for (const int32_t place : symbols.places(row))
      add_column_sums(MatrixView<const Store>(gate + static_cast<size_t>(place) * hidden + first, 1, units.size()),
                      sums.data());
    convert(static_cast<size_t>(units.size()), sums.data(), symbol_gate + static_cast<size_t>(row) * hidden + first);
  }
}

}  // namespace

template <class Real, class Store>
void recurrent_weight_gradients(const RecurrentShape& shape, int gate, Range units, const WindowSymbols* symbols,
                                const RecurrentGradients<Real>& gradients, RecurrentWorkspace<Real, Store>& workspace,
                                TurnedRows<Store>& turned) {
  const int rows = shape.steps * shape.batch_size, count = units.size();
  const auto hidden = static_cast<size_t>(shape.hidden_size), first = static_cast<size_t>(units.begin);
  const size_t output = static_cast<size_t>(gate) * hidden + first;
  const Store* const input_gate = workspace.input_gate(static_cast<size_t>(gate));
  const Store* const state_gate = workspace.state_gate(static_cast<size_t>(gate));
  const Store* src_gate = input_gate;  // of gradient_src's rows
  if (symbols != nullptr) {
    Store* const symbol_gate =
        workspace.symbol_gates.data() + static_cast<size_t>(gate) * static_cast<size_t>(symbols->rows()) * hidden;
    sum_by_symbol<Real>(*symbols, units, hidden, input_gate, symbol_gate);
    src_gate = symbol_gate;
  }
  const ProfileScope scope(gradient_timer);
  const auto diffs = [&](const Store* plane, Range range) {
    return MatrixView<const Store>(plane + static_cast<size_t>(range.begin) * hidden + first, range.size(), count,
                                   shape.hidden_size);
  };
  Real* const weight_ih = gradients.weight_ih + output * static_cast<size_t>(shape.input_size);
  Real* const weight_hh = gradients.weight_hh + output * hidden;
  Real* const bias_hh = gradients.bias_hh + output;
  std::fill_n(bias_hh, count, Real{0});
  for (int part = 0; part < workspace.gradient_entering.parts(); ++part) {
    const auto diff = diffs(state_gate, workspace.gradient_entering.part(part));
    turned.turn(diff, [&](MatrixView<const Store> turned_diff) {
      workspace.gradient_entering.multiply(part, turned_diff, false, weight_hh);
      if (src_gate == state_gate) workspace.gradient_src.multiply(part, turned_diff, false, weight_ih);
    });
    add_column_sums(diff, bias_hh);
  }
  for (int part = 0; src_gate != state_gate && part < workspace.gradient_src.parts(); ++part)
    turned.turn(diffs(src_gate, workspace.gradient_src.part(part)), [&](MatrixView<const Store> turned_diff) {
      workspace.gradient_src.multiply(part, turned_diff, false, weight_ih);
    });
  Real* const bias_ih = gradients.bias_ih + output;
  if (input_gate == state_gate) {
    std::copy_n(bias_hh, count, bias_ih);
  } else {
    std::fill_n(bias_ih, count, Real{0});
    add_column_sums(diffs(input_gate, {0, rows}), bias_ih);
  }
}

#define FUDE_INSTANTIATE(Real, Store)                                                                         \
  template void recurrent_weight_gradients(const RecurrentShape&, int, Range, const WindowSymbols*,           \
                                           const RecurrentGradients<Real>&, RecurrentWorkspace<Real, Store>&, \
                                           TurnedRows<Store>&)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
