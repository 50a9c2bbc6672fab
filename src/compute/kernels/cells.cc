#include "compute/kernels/cells.h"

#include "compute/kernels/rows.h"

namespace fude {
namespace {

bool is_reset(const uint8_t* reset, int row) { return reset != nullptr && reset[row] != 0; }

}  // namespace

template <class Real>
void lstm_forward(int rows, int hidden, const Real* bias, const uint8_t* reset, Real* gates, const Real* src_c,
                  Real* dst_c, Real* dst_h) {
  const ConstRow<Real> bias_i(bias, hidden), bias_f(bias + hidden, hidden), bias_g(bias + 2 * hidden, hidden),
      bias_o(bias + 3 * hidden, hidden);
  for (int row = 0; row < rows; ++row) {
    Real* const gate = gates + static_cast<size_t>(row) * 4 * hidden;
    const size_t at = static_cast<size_t>(row) * hidden;
    Row<Real> i(gate, hidden), f(gate + hidden, hidden), g(gate + 2 * hidden, hidden), o(gate + 3 * hidden, hidden);
    Row<Real> c(dst_c + at, hidden), h(dst_h + at, hidden);
    i = (i + bias_i).logistic();
    f = (f + bias_f).logistic();
    g = (g + bias_g).tanh();
    o = (o + bias_o).logistic();
    if (is_reset(reset, row)) {
      c = i * g;
    } else {
      c = f * ConstRow<Real>(src_c + at, hidden) + i * g;
    }
    h = o * c.tanh();
  }
}

template <class Real>
void lstm_backward(int rows, int hidden, const uint8_t* reset, Real* gates, const Real* src_c, const Real* dst_c,
                   const Real* diff_h, Real* diff_c) {
  Eigen::Array<Real, Eigen::Dynamic, 1> tanh_c(hidden), diff_gate(hidden);
  for (int row = 0; row < rows; ++row) {
    Real* const gate = gates + static_cast<size_t>(row) * 4 * hidden;
    const size_t at = static_cast<size_t>(row) * hidden;
    const Real one = 1;
    Row<Real> i(gate, hidden), f(gate + hidden, hidden), g(gate + 2 * hidden, hidden), o(gate + 3 * hidden, hidden);
    Row<Real> dc(diff_c + at, hidden);
    const ConstRow<Real> dh(diff_h + at, hidden), c_in(src_c + at, hidden), c_out(dst_c + at, hidden);
    // tanh(c') is computed again rather than kept for the whole window.
    tanh_c = c_out.tanh();
    dc += dh * o * (one - tanh_c * tanh_c);
    o = dh * tanh_c * o * (one - o);
    diff_gate = dc * g * i * (one - i);
    g = dc * i * (one - g * g);
    i = diff_gate;
    if (is_reset(reset, row)) {
      f.setZero();
      dc.setZero();
    } else {
      diff_gate = dc * c_in * f * (one - f);
      dc *= f;
      f = diff_gate;
    }
  }
}

template <class Real>
void gru_forward(int rows, int hidden, const Real* bias_x, const Real* bias_h, const uint8_t* reset, Real* gates_x,
                 Real* gates_h, const Real* src_h, Real* dst_h) {
  const ConstRow<Real> bias_xr(bias_x, hidden), bias_xz(bias_x + hidden, hidden), bias_xn(bias_x + 2 * hidden, hidden);
  const ConstRow<Real> bias_hr(bias_h, hidden), bias_hz(bias_h + hidden, hidden), bias_hn(bias_h + 2 * hidden, hidden);
  for (int row = 0; row < rows; ++row) {
    Real* const gate_x = gates_x + static_cast<size_t>(row) * 3 * hidden;
    Real* const gate_h = gates_h + static_cast<size_t>(row) * 3 * hidden;
    const size_t at = static_cast<size_t>(row) * hidden;
    Row<Real> r(gate_x, hidden), z(gate_x + hidden, hidden), n(gate_x + 2 * hidden, hidden);
    const ConstRow<Real> hr(gate_h, hidden), hz(gate_h + hidden, hidden);
    Row<Real> hn(gate_h + 2 * hidden, hidden), h(dst_h + at, hidden);
    r = (r + bias_xr + hr + bias_hr).logistic();
    z = (z + bias_xz + hz + bias_hz).logistic();
    hn += bias_hn;
    n = (n + bias_xn + r * hn).tanh();
    h = (Real{1} - z) * n;
    if (!is_reset(reset, row)) h += z * ConstRow<Real>(src_h + at, hidden);
  }
}

template <class Real>
void gru_backward(int rows, int hidden, const uint8_t* reset, Real* gates_x, Real* gates_h, const Real* src_h,
                  Real* diff_h) {
  Eigen::Array<Real, Eigen::Dynamic, 1> diff_n(hidden);
  for (int row = 0; row < rows; ++row) {
    Real* const gate_x = gates_x + static_cast<size_t>(row) * 3 * hidden;
    Real* const gate_h = gates_h + static_cast<size_t>(row) * 3 * hidden;
    const size_t at = static_cast<size_t>(row) * hidden;
    const Real one = 1;
    Row<Real> r(gate_x, hidden), z(gate_x + hidden, hidden), n(gate_x + 2 * hidden, hidden);
    Row<Real> hr(gate_h, hidden), hz(gate_h + hidden, hidden), hn(gate_h + 2 * hidden, hidden);
    Row<Real> dh(diff_h + at, hidden);
    diff_n = dh * (one - z) * (one - n * n);
    if (is_reset(reset, row)) {
      hz = -dh * n * z * (one - z);
      dh.setZero();
    } else {
      hz = dh * (ConstRow<Real>(src_h + at, hidden) - n) * z * (one - z);
      dh *= z;
    }
    z = hz;
    hr = diff_n * hn * r * (one - r);
    hn = diff_n * r;
    r = hr;
    n = diff_n;
  }
}

template <class Real>
void rnn_forward(int rows, int hidden, const Real* bias, Real* gates, Real* dst_h) {
  for (int row = 0; row < rows; ++row) {
    const size_t at = static_cast<size_t>(row) * hidden;
    Row<Real> gate(gates + at, hidden);
    gate = (gate + ConstRow<Real>(bias, hidden)).tanh();
    Row<Real>(dst_h + at, hidden) = gate;
  }
}

template <class Real>
void rnn_backward(int rows, int hidden, Real* gates, const Real* diff_h) {
  const Eigen::Index size = static_cast<Eigen::Index>(rows) * hidden;
  Row<Real> gate(gates, size);
  gate = ConstRow<Real>(diff_h, size) * (Real{1} - gate * gate);
}

template void lstm_forward(int, int, const double*, const uint8_t*, double*, const double*, double*, double*);
template void lstm_backward(int, int, const uint8_t*, double*, const double*, const double*, const double*, double*);
template void gru_forward(int, int, const double*, const double*, const uint8_t*, double*, double*, const double*,
                          double*);
template void gru_backward(int, int, const uint8_t*, double*, double*, const double*, double*);
template void rnn_forward(int, int, const double*, double*, double*);
template void rnn_backward(int, int, double*, const double*);

}  // namespace fude
