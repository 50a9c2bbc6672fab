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

HWY_INLINE bool is_set(const uint8_t* flags, size_t row) { return flags != nullptr && flags[row] != 0; }

// Calls body(d, unit, at) for runs of a row's units; `at` is their place in a (rows, hidden) buffer.
template <class Body>
HWY_INLINE void for_units(const CellShape& shape, size_t row, const Body& body) {
  const size_t begin = row * static_cast<size_t>(shape.hidden);
  for_columns(static_cast<size_t>(shape.units), [&](auto d, size_t unit) HWY_ATTR { body(d, unit, begin + unit); });
}

template <class D, class Store>
HWY_INLINE void hand_on(D d, const HiddenOutput<float, Store>& out, bool leaves, size_t at, hn::Vec<D> h) {
  hn::StoreU(h, d, out.state + at);
  store(h, d, out.dst + at);
  if (out.entering == nullptr) return;
  auto entering = h;
  if (!leaves) {
    entering = hn::Zero(d);
  } else if (out.mask != nullptr) {
    entering = hn::Mul(h, hn::LoadU(d, out.mask + at));
  }
  store(entering, d, out.entering + at);
}

// A row's part of a HiddenGradient.
struct RowGradient {
  const float* diff_dst;
  const float* through;  // null: none comes
  const float* mask;
  size_t begin;  // of the row in a (rows, hidden) buffer

  RowGradient(const CellShape& shape, const HiddenGradient<float>& h, size_t row)
      : diff_dst(h.diff_dst),
        through(h.through == nullptr || is_set(h.reset, row) ? nullptr
                                                             : h.through + row * static_cast<size_t>(shape.units)),
        mask(h.mask),
        begin(row * static_cast<size_t>(shape.hidden)) {}

  template <class D>
  HWY_INLINE hn::Vec<D> entered(D d, size_t unit) const {
    if (through == nullptr) return hn::Zero(d);
    const auto passed = hn::LoadU(d, through + unit);
    return mask == nullptr ? passed : hn::Mul(passed, hn::LoadU(d, mask + begin + unit));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> whole(D d, size_t unit) const {
    return hn::Add(hn::LoadU(d, diff_dst + begin + unit), entered(d, unit));
  }
};

// a (1 - a), the slope of σ where its value is a; 1 - a², that of tanh.
template <class D, class V>
HWY_INLINE V sigmoid_slope(D, V a) {
  return hn::NegMulAdd(a, a, a);
}
template <class D, class V>
HWY_INLINE V tanh_slope(D d, V a) {
  return hn::NegMulAdd(a, a, hn::Set(d, 1.0f));
}

template <class Store>
HWY_INLINE void enter_state(const CellShape& shape, const HiddenOutput<float, Store>& h) {
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const bool leaves = !is_set(h.reset, row);
    for_units(shape, row,
              [&](auto d, size_t, size_t at) HWY_ATTR { hand_on(d, h, leaves, at, hn::LoadU(d, h.state + at)); });
  }
}

void enter_state_backward(const CellShape& shape, const HiddenGradient<float>& h, float* dst) {
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const RowGradient gradient(shape, h, row);
    for_units(shape, row,
              [&](auto d, size_t unit, size_t at) HWY_ATTR { hn::StoreU(gradient.entered(d, unit), d, dst + at); });
  }
}

template <class Store>
HWY_INLINE void lstm_forward(const CellShape& shape, const LstmForward<float, Store>& step) {
  const auto units = static_cast<size_t>(shape.units), hidden = static_cast<size_t>(shape.hidden);
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const bool fresh = is_set(step.reset, row), leaves = !is_set(step.h.reset, row);
    const float* const products = step.products + row * 4 * units;
    for_units(shape, row, [&](auto d, size_t unit, size_t at) HWY_ATTR {
      const auto sum = [&](size_t gate) HWY_ATTR {
        return hn::Add(hn::LoadU(d, products + gate * units + unit), hn::LoadU(d, step.bias + gate * hidden + unit));
      };
      const auto i = sigmoid(d, sum(0)), f = sigmoid(d, sum(1));
      const auto g = hyperbolic_tangent(d, sum(2)), o = sigmoid(d, sum(3));
      const auto added = hn::Mul(i, g);
      const auto c = fresh ? added : hn::MulAdd(f, hn::LoadU(d, step.src_c + at), added);
      store(i, d, step.gates + at);
      store(f, d, step.gates + shape.plane + at);
      store(g, d, step.gates + 2 * shape.plane + at);
      store(o, d, step.gates + 3 * shape.plane + at);
      hn::StoreU(c, d, step.dst_c + at);
      hand_on(d, step.h, leaves, at, hn::Mul(o, hyperbolic_tangent(d, c)));
    });
  }
}

template <class Store>
HWY_INLINE void lstm_backward(const CellShape& shape, const LstmBackward<float, Store>& step) {
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const bool fresh = is_set(step.reset, row);
    const RowGradient gradient(shape, step.h, row);
    for_units(shape, row, [&](auto d, size_t unit, size_t at) HWY_ATTR {
      const auto i = load(d, step.gates + at), f = load(d, step.gates + shape.plane + at);
      const auto g = load(d, step.gates + 2 * shape.plane + at), o = load(d, step.gates + 3 * shape.plane + at);
      const auto dh = gradient.whole(d, unit), zero = hn::Zero(d);
      // tanh(c') is computed again rather than kept for the whole window.
      const auto tanh_c = hyperbolic_tangent(d, hn::LoadU(d, step.dst_c + at));
      const auto dc = hn::MulAdd(hn::Mul(dh, o), tanh_slope(d, tanh_c), hn::LoadU(d, step.diff_c + at));
      store(hn::Mul(hn::Mul(dc, g), sigmoid_slope(d, i)), d, step.gates + at);
      store(hn::Mul(hn::Mul(dc, i), tanh_slope(d, g)), d, step.gates + 2 * shape.plane + at);
      store(hn::Mul(hn::Mul(dh, tanh_c), sigmoid_slope(d, o)), d, step.gates + 3 * shape.plane + at);
      const auto df = fresh ? zero : hn::Mul(hn::Mul(dc, hn::LoadU(d, step.src_c + at)), sigmoid_slope(d, f));
      store(df, d, step.gates + shape.plane + at);
      hn::StoreU(fresh ? zero : hn::Mul(dc, f), d, step.diff_c + at);
    });
  }
}

template <class Store>
HWY_INLINE void gru_forward(const CellShape& shape, const GruForward<float, Store>& step) {
  const auto units = static_cast<size_t>(shape.units), hidden = static_cast<size_t>(shape.hidden);
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const bool fresh = is_set(step.reset, row), leaves = !is_set(step.h.reset, row);
    const float* const products_x = step.products_x + row * 3 * units;
    const float* const products_h = step.products_h + row * 3 * units;
    for_units(shape, row, [&](auto d, size_t unit, size_t at) HWY_ATTR {
      const auto sum = [&](const float* products, const float* bias, size_t gate) HWY_ATTR {
        return hn::Add(hn::LoadU(d, products + gate * units + unit), hn::LoadU(d, bias + gate * hidden + unit));
      };
      const auto input = [&](size_t gate) HWY_ATTR { return sum(products_x, step.bias_x, gate); };
      const auto state = [&](size_t gate) HWY_ATTR { return sum(products_h, step.bias_h, gate); };
      const auto r = sigmoid(d, hn::Add(input(0), state(0)));
      const auto z = sigmoid(d, hn::Add(input(1), state(1)));
      const auto state_n = state(2);
      const auto n = hyperbolic_tangent(d, hn::MulAdd(r, state_n, input(2)));
      const auto added = hn::NegMulAdd(z, n, n);
      store(r, d, step.gates + at);
      store(z, d, step.gates + shape.plane + at);
      store(n, d, step.gates + 2 * shape.plane + at);
      store(state_n, d, step.state_n + at);
      hand_on(d, step.h, leaves, at, fresh ? added : hn::MulAdd(z, hn::LoadU(d, step.h.state + at), added));
    });
  }
}

template <class Store>
HWY_INLINE void gru_backward(const CellShape& shape, const GruBackward<float, Store>& step) {
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const bool fresh = is_set(step.reset, row);
    const RowGradient gradient(shape, step.h, row);
    for_units(shape, row, [&](auto d, size_t unit, size_t at) HWY_ATTR {
      const auto r = load(d, step.gates + at), z = load(d, step.gates + shape.plane + at);
      const auto n = load(d, step.gates + 2 * shape.plane + at), state_n = load(d, step.state_n + at);
      const auto dh = hn::Add(gradient.whole(d, unit), hn::LoadU(d, step.past + at)), zero = hn::Zero(d);
      const auto dn = hn::Mul(hn::NegMulAdd(dh, z, dh), tanh_slope(d, n));
      const auto before = fresh ? zero : load(d, step.src_h + at);
      const auto dz = hn::Mul(hn::Mul(dh, hn::Sub(before, n)), sigmoid_slope(d, z));
      const auto dr = hn::Mul(hn::Mul(dn, state_n), sigmoid_slope(d, r));
      store(dr, d, step.gates + at);
      store(dz, d, step.gates + shape.plane + at);
      store(dn, d, step.gates + 2 * shape.plane + at);
      store(hn::Mul(dn, r), d, step.state_n + at);
      hn::StoreU(fresh ? zero : hn::Mul(dh, z), d, step.past + at);
    });
  }
}

template <class Store>
HWY_INLINE void rnn_forward(const CellShape& shape, const RnnForward<float, Store>& step) {
  const auto units = static_cast<size_t>(shape.units);
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const bool leaves = !is_set(step.h.reset, row);
    const float* const products = step.products + row * units;
    for_units(shape, row, [&](auto d, size_t unit, size_t at) HWY_ATTR {
      const auto h = hyperbolic_tangent(d, hn::Add(hn::LoadU(d, products + unit), hn::LoadU(d, step.bias + unit)));
      store(h, d, step.gates + at);
      hand_on(d, step.h, leaves, at, h);
    });
  }
}

template <class Store>
HWY_INLINE void rnn_backward(const CellShape& shape, const RnnBackward<float, Store>& step) {
  for (size_t row = 0; row < static_cast<size_t>(shape.rows); ++row) {
    const RowGradient gradient(shape, step.h, row);
    for_units(shape, row, [&](auto d, size_t unit, size_t at) HWY_ATTR {
      const auto slope = tanh_slope(d, load(d, step.gates + at));
      store(hn::Mul(gradient.whole(d, unit), slope), d, step.gates + at);
    });
  }
}

// What is dispatched has a name of its own for each kind of memory.
#define FUDE_NAMED(suffix, Store)                                                                             \
  void enter_##suffix(const CellShape& shape, const HiddenOutput<float, Store>& h) { enter_state(shape, h); } \
  void lstm_forward_##suffix(const CellShape& shape, const LstmForward<float, Store>& step) {                 \
    lstm_forward(shape, step);                                                                                \
  }                                                                                                           \
  void lstm_backward_##suffix(const CellShape& shape, const LstmBackward<float, Store>& step) {               \
    lstm_backward(shape, step);                                                                               \
  }                                                                                                           \
  void gru_forward_##suffix(const CellShape& shape, const GruForward<float, Store>& step) {                   \
    gru_forward(shape, step);                                                                                 \
  }                                                                                                           \
  void gru_backward_##suffix(const CellShape& shape, const GruBackward<float, Store>& step) {                 \
    gru_backward(shape, step);                                                                                \
  }                                                                                                           \
  void rnn_forward_##suffix(const CellShape& shape, const RnnForward<float, Store>& step) {                   \
    rnn_forward(shape, step);                                                                                 \
  }                                                                                                           \
  void rnn_backward_##suffix(const CellShape& shape, const RnnBackward<float, Store>& step) {                 \
    rnn_backward(shape, step);                                                                                \
  }
FUDE_NAMED(f32, float)
FUDE_NAMED(bf16, BFloat16)
#undef FUDE_NAMED

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

#define FUDE_DISPATCH(name, suffix, function, ...)                 \
  HWY_EXPORT(name##_##suffix);                                     \
  template <>                                                      \
  void function(const CellShape& shape, const __VA_ARGS__& step) { \
    HWY_DYNAMIC_DISPATCH(name##_##suffix)(shape, step);            \
  }
#define FUDE_DISPATCH_ALL(suffix, Store)                                          \
  FUDE_DISPATCH(enter, suffix, enter, HiddenOutput<float, Store>)                 \
  FUDE_DISPATCH(lstm_forward, suffix, cell_forward, LstmForward<float, Store>)    \
  FUDE_DISPATCH(lstm_backward, suffix, cell_backward, LstmBackward<float, Store>) \
  FUDE_DISPATCH(gru_forward, suffix, cell_forward, GruForward<float, Store>)      \
  FUDE_DISPATCH(gru_backward, suffix, cell_backward, GruBackward<float, Store>)   \
  FUDE_DISPATCH(rnn_forward, suffix, cell_forward, RnnForward<float, Store>)      \
  FUDE_DISPATCH(rnn_backward, suffix, cell_backward, RnnBackward<float, Store>)
FUDE_DISPATCH_ALL(f32, float)
FUDE_DISPATCH_ALL(bf16, BFloat16)

HWY_EXPORT(enter_state_backward);
template <>
void enter_backward(const CellShape& shape, const HiddenGradient<float>& h, float* dst) {
  HWY_DYNAMIC_DISPATCH(enter_state_backward)(shape, h, dst);
}

}  // namespace fude
#endif
