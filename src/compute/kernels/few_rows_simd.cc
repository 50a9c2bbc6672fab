#include "compute/kernels/few_rows.h"

#include <algorithm>
#include <array>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/few_rows_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/simd-inl.h"
#include "compute/kernels/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

constexpr size_t kColumns = kFewRowsColumns;
// Weights are asked for so many rows of a panel, a line each, before they are multiplied.
constexpr size_t kRowsAhead = 64;

#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SCALAR
constexpr size_t kMostRows = 1;
#else
constexpr size_t kVectors = kColumns * sizeof(float) / HWY_MAX_BYTES;  // of a panel
// Sums that fit in the registers, of which there are 32 or 16, beside a row of a panel.
constexpr size_t kSums = HWY_TARGET <= HWY_AVX3 ? 28 : HWY_ARCH_ARM_A64 ? 24 : 12;
constexpr size_t kMostRows = kSums / kVectors;
#endif

// kRows rows with one panel: turned (K, stride), dst of kColumns columns.
template <size_t kRows>
void multiply_panel(size_t depth, const float* turned, size_t stride, const float* panel, bool add, float* dst,
                    size_t dst_stride) {
#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SCALAR
  std::array<float, kColumns> sums{};
  for (size_t k = 0; k < depth; ++k)
    for (size_t column = 0; column < kColumns; ++column)
      sums[column] += turned[k * stride] * panel[k * kColumns + column];
  for (size_t column = 0; column < kColumns; ++column) dst[column] = sums[column] + (add ? dst[column] : 0);
  static_cast<void>(dst_stride);
#else
  const hn::ScalableTag<float> d;
  using Vector = hn::Vec<decltype(d)>;
  // Written out for each sum, so that all stay in registers.
  [&]<size_t... kSum>(std::index_sequence<kSum...>) HWY_ATTR {
    Vector sums[kRows * kVectors] = {(static_cast<void>(kSum), hn::Zero(d))...};
    for (size_t k = 0; k < depth; ++k, turned += stride, panel += kColumns) {
      hwy::Prefetch(panel + kRowsAhead * kColumns);
      Vector weights[kVectors];
      for (size_t v = 0; v < kVectors; ++v) weights[v] = hn::Load(d, panel + v * hn::Lanes(d));
      ((sums[kSum] = hn::MulAdd(hn::Set(d, turned[kSum / kVectors]), weights[kSum % kVectors], sums[kSum])), ...);
    }
    const auto place = [&](size_t sum) { return dst + sum / kVectors * dst_stride + sum % kVectors * hn::Lanes(d); };
    if (add) ((sums[kSum] = hn::Add(sums[kSum], hn::LoadU(d, place(kSum)))), ...);
    (hn::StoreU(sums[kSum], d, place(kSum)), ...);
  }
  (std::make_index_sequence<kRows * kVectors>());
#endif
}

using MultiplyPanel = void (*)(size_t, const float*, size_t, const float*, bool, float*, size_t);

template <size_t... kRows>
MultiplyPanel multiply_panel_of(size_t rows, std::index_sequence<kRows...>) {
  static constexpr MultiplyPanel kKernels[] = {multiply_panel<kRows + 1>...};
  return kKernels[rows - 1];
}

void multiply(size_t rows, size_t depth, size_t columns, const float* a, size_t a_stride, const float* panels, bool add,
              float* dst, size_t dst_stride, float* turned) {
  transpose_lanes<float>({a, rows, depth, a_stride}, turned, rows);
  const size_t parts = (rows + kMostRows - 1) / kMostRows;
  for (size_t column = 0; column < columns; column += kColumns, panels += depth * kColumns) {
    const size_t width = HWY_MIN(kColumns, columns - column);
    for (size_t part = 0; part < parts; ++part) {
      const size_t begin = rows * part / parts, count = rows * (part + 1) / parts - begin;
      const auto kernel = multiply_panel_of(count, std::make_index_sequence<kMostRows>());
      float* const to = dst + begin * dst_stride + column;
      if (width == kColumns) {
        kernel(depth, turned + begin, rows, panels, add, to, dst_stride);
        continue;
      }
      float block[kMostRows * kColumns];
      kernel(depth, turned + begin, rows, panels, false, block, kColumns);
      for (size_t row = 0; row < count; ++row)
        for (size_t k = 0; k < width; ++k) {
          float& sum = to[row * dst_stride + k];
          sum = block[row * kColumns + k] + (add ? sum : 0);
        }
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(multiply);

void multiply_few_rows(MatrixView<const float> a, const float* panels, bool add, MatrixView<float> dst, float* turned) {
  HWY_DYNAMIC_DISPATCH(multiply)
  (static_cast<size_t>(a.rows), static_cast<size_t>(a.cols), static_cast<size_t>(dst.cols), a.data,
   static_cast<size_t>(a.stride), panels, add, dst.data, static_cast<size_t>(dst.stride), turned);
}

}  // namespace fude
#endif
