// The cells in float, vectorized; cells.cc says in double what they mean.
#include "compute/kernels/cells.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/cells_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

bool is_reset(const uint8_t* reset, size_t row) { return reset != nullptr && reset[row] != 0; }

void lstm_forward(size_t rows, size_t hidden, const float* bias, const uint8_t* reset, float* gates, const float* src_c,
                  float* dst_c, float* dst_h) {
  for (size_t row = 0; row < rows; ++row, gates += 4 * hidden, src_c += hidden, dst_c += hidden, dst_h += hidden) {
    const bool fresh = is_reset(reset, row);
    for_columns(hidden, [&](auto d, size_t k) HWY_ATTR {
      const auto gate = [&](size_t number) HWY_ATTR {
        return hn::Add(hn::LoadU(d, gates + number * hidden + k), hn::LoadU(d, bias + number * hidden + k));
      };
      const auto i = sigmoid(d, gate(0)), f = sigmoid(d, gate(1));
      const auto g = hyperbolic_tangent(d, gate(2)), o = sigmoid(d, gate(3));
      const auto added = hn::Mul(i, g);
      const auto c = fresh ? added : hn::MulAdd(f, hn::LoadU(d, src_c + k), added);
      hn::StoreU(i, d, gates + k);
      hn::StoreU(f, d, gates + hidden + k);
      hn::StoreU(g, d, gates + 2 * hidden + k);
      hn::StoreU(o, d, gates + 3 * hidden + k);
      hn::StoreU(c, d, dst_c + k);
      hn::StoreU(hn::Mul(o, hyperbolic_tangent(d, c)), d, dst_h + k);
    });
  }
}

// a (1 - a), the slope of σ where its value is a; 1 - a², that of tanh.
template <class D, class V>
HWY_INLINE V sigmoid_slope(D, V a) {
  return hn::NegMulAdd(a, a, a);
}
template <class D, class V>
HWY_INLINE V tanh_slope(D d, V a) {
  return hn::NegMulAdd(a, a, hn::Set(d, 1.0f));
}

void lstm_backward(size_t rows, size_t hidden, const uint8_t* reset, float* gates, const float* src_c,
                   const float* dst_c, const float* diff_h, float* diff_c) {
  for (size_t row = 0; row < rows;
       ++row, gates += 4 * hidden, src_c += hidden, dst_c += hidden, diff_h += hidden, diff_c += hidden) {
    const bool fresh = is_reset(reset, row);
    for_columns(hidden, [&](auto d, size_t k) HWY_ATTR {
      const auto i = hn::LoadU(d, gates + k), f = hn::LoadU(d, gates + hidden + k);
      const auto g = hn::LoadU(d, gates + 2 * hidden + k), o = hn::LoadU(d, gates + 3 * hidden + k);
      const auto dh = hn::LoadU(d, diff_h + k);
      // tanh(c') is computed again rather than kept for the whole window.
      const auto tanh_c = hyperbolic_tangent(d, hn::LoadU(d, dst_c + k));
      const auto dc = hn::MulAdd(hn::Mul(dh, o), tanh_slope(d, tanh_c), hn::LoadU(d, diff_c + k));
      hn::StoreU(hn::Mul(hn::Mul(dc, g), sigmoid_slope(d, i)), d, gates + k);
      hn::StoreU(hn::Mul(hn::Mul(dc, i), tanh_slope(d, g)), d, gates + 2 * hidden + k);
      hn::StoreU(hn::Mul(hn::Mul(dh, tanh_c), sigmoid_slope(d, o)), d, gates + 3 * hidden + k);
      const auto zero = hn::Zero(d);
      const auto df = fresh ? zero : hn::Mul(hn::Mul(dc, hn::LoadU(d, src_c + k)), sigmoid_slope(d, f));
      hn::StoreU(df, d, gates + hidden + k);
      hn::StoreU(fresh ? zero : hn::Mul(dc, f), d, diff_c + k);
    });
  }
}

void gru_forward(size_t rows, size_t hidden, const float* bias_x, const float* bias_h, const uint8_t* reset,
                 float* gates_x, float* gates_h, const float* src_h, float* dst_h) {
  for (size_t row = 0; row < rows;
       ++row, gates_x += 3 * hidden, gates_h += 3 * hidden, src_h += hidden, dst_h += hidden) {
    const bool fresh = is_reset(reset, row);
    for_columns(hidden, [&](auto d, size_t k) HWY_ATTR {
      const auto from_input = [&](size_t number) HWY_ATTR {
        return hn::Add(hn::LoadU(d, gates_x + number * hidden + k), hn::LoadU(d, bias_x + number * hidden + k));
      };
      const auto from_state = [&](size_t number) HWY_ATTR {
        return hn::Add(hn::LoadU(d, gates_h + number * hidden + k), hn::LoadU(d, bias_h + number * hidden + k));
      };
      const auto r = sigmoid(d, hn::Add(from_input(0), from_state(0)));
      const auto z = sigmoid(d, hn::Add(from_input(1), from_state(1)));
      const auto hn_part = from_state(2);
      const auto n = hyperbolic_tangent(d, hn::MulAdd(r, hn_part, from_input(2)));
      const auto fresh_part = hn::NegMulAdd(z, n, n);
      hn::StoreU(r, d, gates_x + k);
      hn::StoreU(z, d, gates_x + hidden + k);
      hn::StoreU(n, d, gates_x + 2 * hidden + k);
      hn::StoreU(hn_part, d, gates_h + 2 * hidden + k);
      hn::StoreU(fresh ? fresh_part : hn::MulAdd(z, hn::LoadU(d, src_h + k), fresh_part), d, dst_h + k);
    });
  }
}

void gru_backward(size_t rows, size_t hidden, const uint8_t* reset, float* gates_x, float* gates_h, const float* src_h,
                  float* diff_h) {
  for (size_t row = 0; row < rows;
       ++row, gates_x += 3 * hidden, gates_h += 3 * hidden, src_h += hidden, diff_h += hidden) {
    const bool fresh = is_reset(reset, row);
    for_columns(hidden, [&](auto d, size_t k) HWY_ATTR {
      const auto r = hn::LoadU(d, gates_x + k), z = hn::LoadU(d, gates_x + hidden + k);
      const auto n = hn::LoadU(d, gates_x + 2 * hidden + k), hn_part = hn::LoadU(d, gates_h + 2 * hidden + k);
      const auto dh = hn::LoadU(d, diff_h + k), zero = hn::Zero(d);
      const auto dn = hn::Mul(hn::NegMulAdd(dh, z, dh), tanh_slope(d, n));
      const auto entering = fresh ? zero : hn::LoadU(d, src_h + k);
      const auto dz = hn::Mul(hn::Mul(dh, hn::Sub(entering, n)), sigmoid_slope(d, z));
      const auto dr = hn::Mul(hn::Mul(dn, hn_part), sigmoid_slope(d, r));
      hn::StoreU(dr, d, gates_x + k);
      hn::StoreU(dz, d, gates_x + hidden + k);
      hn::StoreU(dn, d, gates_x + 2 * hidden + k);
      hn::StoreU(dr, d, gates_h + k);
      hn::StoreU(dz, d, gates_h + hidden + k);
      hn::StoreU(hn::Mul(dn, r), d, gates_h + 2 * hidden + k);
      hn::StoreU(fresh ? zero : hn::Mul(dh, z), d, diff_h + k);
    });
  }
}

void rnn_forward(size_t rows, size_t hidden, const float* bias, float* gates, float* dst_h) {
  for (size_t row = 0; row < rows; ++row, gates += hidden, dst_h += hidden)
    for_columns(hidden, [&](auto d, size_t k) HWY_ATTR {
      const auto h = hyperbolic_tangent(d, hn::Add(hn::LoadU(d, gates + k), hn::LoadU(d, bias + k)));
      hn::StoreU(h, d, gates + k);
      hn::StoreU(h, d, dst_h + k);
    });
}

void rnn_backward(size_t rows, size_t hidden, float* gates, const float* diff_h) {
  for (size_t row = 0; row < rows; ++row, gates += hidden, diff_h += hidden)
    for_columns(hidden, [&](auto d, size_t k) HWY_ATTR {
      hn::StoreU(hn::Mul(hn::LoadU(d, diff_h + k), tanh_slope(d, hn::LoadU(d, gates + k))), d, gates + k);
    });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(lstm_forward);
HWY_EXPORT(lstm_backward);
HWY_EXPORT(gru_forward);
HWY_EXPORT(gru_backward);
HWY_EXPORT(rnn_forward);
HWY_EXPORT(rnn_backward);

template <>
void lstm_forward(int rows, int hidden, const float* bias, const uint8_t* reset, float* gates, const float* src_c,
                  float* dst_c, float* dst_h) {
  HWY_DYNAMIC_DISPATCH(lstm_forward)(rows, hidden, bias, reset, gates, src_c, dst_c, dst_h);
}

template <>
void lstm_backward(int rows, int hidden, const uint8_t* reset, float* gates, const float* src_c, const float* dst_c,
                   const float* diff_h, float* diff_c) {
  HWY_DYNAMIC_DISPATCH(lstm_backward)(rows, hidden, reset, gates, src_c, dst_c, diff_h, diff_c);
}

template <>
void gru_forward(int rows, int hidden, const float* bias_x, const float* bias_h, const uint8_t* reset, float* gates_x,
                 float* gates_h, const float* src_h, float* dst_h) {
  HWY_DYNAMIC_DISPATCH(gru_forward)(rows, hidden, bias_x, bias_h, reset, gates_x, gates_h, src_h, dst_h);
}

template <>
void gru_backward(int rows, int hidden, const uint8_t* reset, float* gates_x, float* gates_h, const float* src_h,
                  float* diff_h) {
  HWY_DYNAMIC_DISPATCH(gru_backward)(rows, hidden, reset, gates_x, gates_h, src_h, diff_h);
}

template <>
void rnn_forward(int rows, int hidden, const float* bias, float* gates, float* dst_h) {
  HWY_DYNAMIC_DISPATCH(rnn_forward)(rows, hidden, bias, gates, dst_h);
}

template <>
void rnn_backward(int rows, int hidden, float* gates, const float* diff_h) {
  HWY_DYNAMIC_DISPATCH(rnn_backward)(rows, hidden, gates, diff_h);
}

}  // namespace fude
#endif
