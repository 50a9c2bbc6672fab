#include "compute/kernels/pack.h"

#include <algorithm>
#include <cstdint>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/pack_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/simd-inl.h"
#include "compute/kernels/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

constexpr size_t kColumns = kMostPanelColumns;
// Numbers of a row that are turned at a time, so that they stay in the first cache.
constexpr size_t kTurned = 256;

// Where rows of panels lie: `row` and `column` in elements of Store.
template <class Store>
struct Panels {
  static constexpr size_t kPair = std::is_same_v<Store, BFloat16> ? 2 : 1;
  Store* data;
  size_t columns, depth;

  Store* at(size_t k, size_t n) const {
    return data + n / columns * columns * depth + (k * columns + n % columns * kPair);
  }
};

HWY_INLINE void round_row(size_t size, const float* src, BFloat16* dst) {
  for_columns(size, [&](auto d, size_t k) HWY_ATTR { store(load(d, src + k), d, dst + k); });
}
HWY_INLINE void round_row(size_t size, const BFloat16* src, BFloat16* dst) { std::copy_n(src, size, dst); }

// Up to two rows of `size` columns, at most a panel's.
void put_rows(size_t, size_t size, const float* src, size_t, float* dst) {
  for_columns(size, [&](auto d, size_t k) HWY_ATTR { hn::StoreU(hn::LoadU(d, src + k), d, dst + k); });
}
HWY_INLINE auto load_rounded(auto d, const float* src) { return round_to_bfloat16(d, load(d, src)); }
HWY_INLINE auto load_rounded(auto d, const BFloat16* src) { return load(d, src); }
template <class Source>
void put_rows(size_t rows, size_t size, const Source* src, size_t stride, BFloat16* dst) {
  const bool both = rows > 1;
  for_columns(size, [&](auto d, size_t k) HWY_ATTR {
    const hn::RebindToUnsigned<decltype(d)> bits;
    const auto first = hn::BitCast(bits, load_rounded(d, src + k));
    const auto second = both ? hn::BitCast(bits, load_rounded(d, src + stride + k)) : hn::Zero(bits);
    hn::StoreU(hn::Or(hn::ShiftRight<16>(first), second), bits, reinterpret_cast<uint32_t*>(dst + 2 * k));
  });
}

// Columns of a panel from rows of `size` numbers of K, as many as kTurned.
void put_turned(size_t rows, size_t size, const float* src, size_t stride, float* dst, size_t columns) {
  transpose_lanes<float>({src, rows, size, stride}, dst, columns);
}
template <class Source>
void put_turned(size_t rows, size_t size, const Source* src, size_t stride, BFloat16* dst, size_t columns) {
  HWY_ALIGN BFloat16 rounded[kColumns * kTurned];
  const size_t pairs = (size + 1) / 2;
  for (size_t row = 0; row < rows; ++row) {
    round_row(size, src + row * stride, rounded + row * 2 * pairs);
    if (size % 2 != 0) rounded[row * 2 * pairs + size] = BFloat16();
  }
  // A pair moves like a float.
  transpose_lanes<float>({reinterpret_cast<const float*>(rounded), rows, pairs, pairs}, reinterpret_cast<float*>(dst),
                         columns);
}

template <class Store, class Source>
void put(const PanelLayout& layout, bool turned, const MatrixView<const Source>& part, size_t k, size_t n,
         Store* data) {
  constexpr size_t kPair = Panels<Store>::kPair;
  const Panels<Store> panels{data, static_cast<size_t>(layout.columns), static_cast<size_t>(layout.depth)};
  const auto rows = static_cast<size_t>(part.rows), cols = static_cast<size_t>(part.cols);
  const auto stride = static_cast<size_t>(part.stride);
  const auto up_to_panel = [&](size_t left, size_t column) {
    return HWY_MIN(left, panels.columns - column % panels.columns);
  };
  if (turned) {
    for (size_t row = 0, count = 0; row < rows; row += count) {
      count = up_to_panel(rows - row, n + row);
      for (size_t col = 0; col < cols; col += kTurned)
        put_turned(count, HWY_MIN(kTurned, cols - col), part.data + row * stride + col, stride,
                   panels.at(k + col, n + row), panels.columns);
    }
    return;
  }
  for (size_t row = 0; row < rows; row += kPair)
    for (size_t col = 0, count = 0; col < cols; col += count) {
      count = up_to_panel(cols - col, n + col);
      put_rows(rows - row, count, part.data + row * stride + col, stride, panels.at(k + row, n + col));
    }
}

void put_floats(const PanelLayout& layout, bool turned, MatrixView<const float> part, size_t k, size_t n,
                float* panels) {
  put(layout, turned, part, k, n, panels);
}
void put_rounding(const PanelLayout& layout, bool turned, MatrixView<const float> part, size_t k, size_t n,
                  BFloat16* panels) {
  put(layout, turned, part, k, n, panels);
}
void put_rounded(const PanelLayout& layout, bool turned, MatrixView<const BFloat16> part, size_t k, size_t n,
                 BFloat16* panels) {
  put(layout, turned, part, k, n, panels);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(put_floats);
HWY_EXPORT(put_rounding);
HWY_EXPORT(put_rounded);

template <>
void put_in_panels(const PanelLayout& layout, Transpose transpose, MatrixView<const float> part, int k, int n,
                   float* panels) {
  HWY_DYNAMIC_DISPATCH(put_floats)
  (layout, transpose == Transpose::kYes, part, static_cast<size_t>(k), static_cast<size_t>(n), panels);
}
template <>
void put_in_panels(const PanelLayout& layout, Transpose transpose, MatrixView<const float> part, int k, int n,
                   BFloat16* panels) {
  HWY_DYNAMIC_DISPATCH(put_rounding)
  (layout, transpose == Transpose::kYes, part, static_cast<size_t>(k), static_cast<size_t>(n), panels);
}
template <>
void put_in_panels(const PanelLayout& layout, Transpose transpose, MatrixView<const BFloat16> part, int k, int n,
                   BFloat16* panels) {
  HWY_DYNAMIC_DISPATCH(put_rounded)
  (layout, transpose == Transpose::kYes, part, static_cast<size_t>(k), static_cast<size_t>(n), panels);
}

template <class Store>
void clear_padding(const PanelLayout& layout, int k_size, int n_size, Store* panels) {
  constexpr int kPair = std::is_same_v<Store, BFloat16> ? 2 : 1;
  const int whole = n_size / layout.columns * layout.columns, pairs = k_size / kPair;
  const auto panel = static_cast<size_t>(layout.depth) * static_cast<size_t>(layout.columns);
  const auto row = [&](int pair) { return static_cast<size_t>(pair * kPair) * static_cast<size_t>(layout.columns); };
  for (int n = 0; n < n_size; n += layout.columns, panels += panel) {
    std::fill(panels + row(pairs), panels + panel, Store());
    if (n < whole) continue;
    for (int pair = 0; pair < pairs; ++pair)
      std::fill(panels + row(pair) + (n_size - n) * kPair, panels + row(pair + 1), Store());
  }
}
template void clear_padding(const PanelLayout&, int, int, float*);
template void clear_padding(const PanelLayout&, int, int, BFloat16*);

}  // namespace fude
#endif
