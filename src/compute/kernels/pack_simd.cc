#include "compute/kernels/pack.h"

#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/pack_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

constexpr size_t kColumns = kPanelColumns;

// dst[2 k] = a[k], dst[2 k + 1] = b[k].
HWY_INLINE void interleave_rows(size_t size, const uint16_t* a, const uint16_t* b, uint16_t* dst) {
  size_t k = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<uint16_t> d;
  for (; k + hn::Lanes(d) <= size; k += hn::Lanes(d))
    hn::StoreInterleaved2(hn::LoadU(d, a + k), hn::LoadU(d, b + k), d, dst + 2 * k);
#endif
  for (; k < size; ++k) {
    dst[2 * k] = a[k];
    dst[2 * k + 1] = b[k];
  }
}

// Rows of b are rows of K: a panel is 64 of its columns.
void pack_rows(const uint16_t* b, size_t stride, size_t rows, size_t cols, size_t panel, uint16_t* dst) {
  for (size_t k = 0; k + 1 < rows; k += 2, b += 2 * stride)
    for (size_t col = 0; col < cols; col += kColumns)
      interleave_rows(HWY_MIN(kColumns, cols - col), b + col, b + stride + col,
                      dst + col / kColumns * panel + k * kColumns);
}

// Rows of b are columns: a panel is 64 of its rows, turned on their side; the pairs of K stay together, like floats.
void pack_turned_rows(const uint16_t* b, size_t stride, size_t pairs, uint16_t* panel) {
  transpose_lanes<float>({reinterpret_cast<const float*>(b), kColumns, pairs, stride / 2},
                         reinterpret_cast<float*>(panel));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(pack_rows);
HWY_EXPORT(pack_turned_rows);

void pack_panels(Transpose transpose, MatrixView<const BFloat16> b, int depth, BFloat16* dst) {
  constexpr size_t kColumns = kPanelColumns;
  const bool turned = transpose == Transpose::kYes;
  const auto rows = static_cast<size_t>(b.rows), cols = static_cast<size_t>(b.cols);
  const auto stride = static_cast<size_t>(b.stride), panel = static_cast<size_t>(depth) * kColumns;
  const size_t k_size = turned ? cols : rows, n_size = turned ? rows : cols, paired = k_size - k_size % 2;
  const auto* const from = reinterpret_cast<const uint16_t*>(b.data);
  auto* const to = reinterpret_cast<uint16_t*>(dst);
  // Whole pairs, of columns or of whole panels, by vectors; what is left over one by one.
  size_t done = 0;
  if (!turned) {
    HWY_DYNAMIC_DISPATCH(pack_rows)(from, stride, rows, cols, panel, to);
    done = n_size;
  } else if (stride % 2 == 0) {
    for (; done + kColumns <= n_size; done += kColumns)
      HWY_DYNAMIC_DISPATCH(pack_turned_rows)(from + done * stride, stride, paired / 2, to + done / kColumns * panel);
  }
  for (size_t n = 0; n < (n_size + kColumns - 1) / kColumns * kColumns; ++n)
    for (size_t k = n < done ? paired : 0; k < static_cast<size_t>(depth); ++k) {
      const bool inside = n < n_size && k < k_size;
      dst[n / kColumns * panel + (k / 2 * kColumns + n % kColumns) * 2 + k % 2] = !inside  ? BFloat16()
                                                                                  : turned ? b.data[n * stride + k]
                                                                                           : b.data[k * stride + n];
    }
}

}  // namespace fude
#endif
