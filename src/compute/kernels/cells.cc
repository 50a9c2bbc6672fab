#include "compute/kernels/cells.h"

#include <cmath>

namespace fude {
namespace {

bool is_set(const uint8_t* flags, size_t row) { return flags != nullptr && flags[row] != 0; }

template <class Real>
Real sigmoid(Real x) {
  return 1 / (1 + std::exp(-x));
}
// The slopes of σ and tanh where their values are a.
template <class Real>
Real sigmoid_slope(Real a) {
  return a * (1 - a);
}
template <class Real>
Real tanh_slope(Real a) {
  return 1 - a * a;
}

// Calls body(row, unit, at, product): `at` is the unit's place in a (rows, hidden) buffer.
template <class Body>
void for_each_unit(const CellShape& shape, const Body& body) {
  const auto units = static_cast<size_t>(shape.units), hidden = static_cast<size_t>(shape.hidden);
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row)
    for (size_t unit = 0; unit < units; ++unit) body(row, unit, row * hidden + unit);
}

// Where a gate's product is.
struct Products {
  size_t gates, units;
  size_t at(size_t row, size_t unit, size_t gate) const { return (row * gates + gate) * units + unit; }
};

Products products_of(const CellShape& shape, size_t gates) { return {gates, static_cast<size_t>(shape.units)}; }

template <class Real>
void hand_on(const HiddenOutput<Real, Real>& out, size_t row, size_t at, Real h) {
  out.state[at] = h;
  out.dst[at] = h;
  if (out.entering == nullptr) return;
  out.entering[at] = is_set(out.reset, row) ? Real{0} : out.mask == nullptr ? h : h * out.mask[at];
}

template <class Real>
Real entered_gradient(const CellShape& shape, const HiddenGradient<Real>& h, size_t row, size_t unit, size_t at) {
  if (h.through == nullptr || is_set(h.reset, row)) return 0;
  return h.through[row * static_cast<size_t>(shape.units) + unit] * (h.mask == nullptr ? Real{1} : h.mask[at]);
}

}  // namespace

template <class Real, class Store>
void enter(const CellShape& shape, const HiddenOutput<Real, Store>& h) {
  for_each_unit(shape, [&](size_t row, size_t, size_t at) { hand_on(h, row, at, h.state[at]); });
}

template <class Real>
void enter_backward(const CellShape& shape, const HiddenGradient<Real>& h, Real* dst) {
  for_each_unit(shape,
                [&](size_t row, size_t unit, size_t at) { dst[at] = entered_gradient(shape, h, row, unit, at); });
}

template <class Real, class Store>
void cell_forward(const CellShape& shape, const LstmForward<Real, Store>& step) {
  const Products products = products_of(shape, 4);
  for_each_unit(shape, [&](size_t row, size_t unit, size_t at) {
    const auto sum = [&](size_t gate) {
      return step.products[products.at(row, unit, gate)] + step.bias[gate * static_cast<size_t>(shape.hidden) + unit];
    };
    const Real i = sigmoid(sum(0)), f = sigmoid(sum(1)), g = std::tanh(sum(2)), o = sigmoid(sum(3));
    const Real c = i * g + (is_set(step.reset, row) ? Real{0} : f * step.src_c[at]);
    const Real gates[] = {i, f, g, o};
    for (size_t gate = 0; gate < 4; ++gate) step.gates[gate * shape.plane + at] = gates[gate];
    step.dst_c[at] = c;
    hand_on(step.h, row, at, o * std::tanh(c));
  });
}

template <class Real, class Store>
void cell_backward(const CellShape& shape, const LstmBackward<Real, Store>& step) {
  for_each_unit(shape, [&](size_t row, size_t unit, size_t at) {
    const auto gate = [&](size_t number) -> Real& { return step.gates[number * shape.plane + at]; };
    const Real i = gate(0), f = gate(1), g = gate(2), o = gate(3);
    const Real dh = step.h.diff_dst[at] + entered_gradient(shape, step.h, row, unit, at);
    // tanh(c') is computed again rather than kept for the whole window.
    const Real tanh_c = std::tanh(step.dst_c[at]);
    const Real dc = step.diff_c[at] + dh * o * tanh_slope(tanh_c);
    const bool fresh = is_set(step.reset, row);
    gate(0) = dc * g * sigmoid_slope(i);
    gate(1) = fresh ? Real{0} : dc * step.src_c[at] * sigmoid_slope(f);
    gate(2) = dc * i * tanh_slope(g);
    gate(3) = dh * tanh_c * sigmoid_slope(o);
    step.diff_c[at] = fresh ? Real{0} : dc * f;
  });
}

template <class Real, class Store>
void cell_forward(const CellShape& shape, const GruForward<Real, Store>& step) {
  const Products products = products_of(shape, 3);
  for_each_unit(shape, [&](size_t row, size_t unit, size_t at) {
    const auto input = [&](size_t gate) {
      return step.products_x[products.at(row, unit, gate)] +
             step.bias_x[gate * static_cast<size_t>(shape.hidden) + unit];
    };
    const auto state = [&](size_t gate) {
      return step.products_h[products.at(row, unit, gate)] +
             step.bias_h[gate * static_cast<size_t>(shape.hidden) + unit];
    };
    const Real r = sigmoid(input(0) + state(0)), z = sigmoid(input(1) + state(1));
    const Real n = std::tanh(input(2) + r * state(2));
    const Real h = (1 - z) * n + (is_set(step.reset, row) ? Real{0} : z * step.h.state[at]);
    const Real gates[] = {r, z, n};
    for (size_t gate = 0; gate < 3; ++gate) step.gates[gate * shape.plane + at] = gates[gate];
    step.state_n[at] = state(2);
    hand_on(step.h, row, at, h);
  });
}

template <class Real, class Store>
void cell_backward(const CellShape& shape, const GruBackward<Real, Store>& step) {
  for_each_unit(shape, [&](size_t row, size_t unit, size_t at) {
    const auto gate = [&](size_t number) -> Real& { return step.gates[number * shape.plane + at]; };
    const Real r = gate(0), z = gate(1), n = gate(2), state = step.state_n[at];
    const bool fresh = is_set(step.reset, row);
    const Real dh = step.h.diff_dst[at] + entered_gradient(shape, step.h, row, unit, at) + step.past[at];
    const Real dn = dh * (1 - z) * tanh_slope(n);
    gate(0) = dn * state * sigmoid_slope(r);
    gate(1) = dh * ((fresh ? Real{0} : step.src_h[at]) - n) * sigmoid_slope(z);
    gate(2) = dn;
    step.state_n[at] = dn * r;
    step.past[at] = fresh ? Real{0} : dh * z;
  });
}

template <class Real, class Store>
void cell_forward(const CellShape& shape, const RnnForward<Real, Store>& step) {
  const Products products = products_of(shape, 1);
  for_each_unit(shape, [&](size_t row, size_t unit, size_t at) {
    const Real h = std::tanh(step.products[products.at(row, unit, 0)] + step.bias[unit]);
    step.gates[at] = h;
    hand_on(step.h, row, at, h);
  });
}

template <class Real, class Store>
void cell_backward(const CellShape& shape, const RnnBackward<Real, Store>& step) {
  for_each_unit(shape, [&](size_t row, size_t unit, size_t at) {
    const Real dh = step.h.diff_dst[at] + entered_gradient(shape, step.h, row, unit, at);
    step.gates[at] = dh * tanh_slope(step.gates[at]);
  });
}

template void enter(const CellShape&, const HiddenOutput<double, double>&);
template void enter_backward(const CellShape&, const HiddenGradient<double>&, double*);
template void cell_forward(const CellShape&, const LstmForward<double, double>&);
template void cell_forward(const CellShape&, const GruForward<double, double>&);
template void cell_forward(const CellShape&, const RnnForward<double, double>&);
template void cell_backward(const CellShape&, const LstmBackward<double, double>&);
template void cell_backward(const CellShape&, const GruBackward<double, double>&);
template void cell_backward(const CellShape&, const RnnBackward<double, double>&);

}  // namespace fude
