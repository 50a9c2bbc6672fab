// Transposition by squares of 128-bit blocks: rows of a square are interleaved until they are its columns. Where whole
// vectors of the result can be made of them, the blocks are, too. Compiled once for each instruction set that Highway
// dispatches to; only *_simd.cc files include it.
#if defined(FUDE_COMPUTE_KERNELS_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FUDE_COMPUTE_KERNELS_TRANSPOSE_INL_H_
#undef FUDE_COMPUTE_KERNELS_TRANSPOSE_INL_H_
#else
#define FUDE_COMPUTE_KERNELS_TRANSPOSE_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// A matrix of lanes: floats, 16-bit numbers, or pairs of these as floats, which are moved and not looked at.
template <class Lane>
struct Source {
  const Lane* data;
  size_t rows, cols, stride;
};

template <class Lane>
HWY_INLINE void transpose_plainly(const Source<Lane>& src, size_t row, size_t row_end, size_t col, size_t col_end,
                                  Lane* dst, size_t dst_stride) {
  for (; row < row_end; ++row)
    for (size_t k = col; k < col_end; ++k)
      std::memcpy(dst + k * dst_stride + row, src.data + row * src.stride + k, sizeof(Lane));
}

#if HWY_TARGET != HWY_SCALAR
constexpr size_t kBlockBytes = 16;
constexpr size_t kColumnsAtOnce = 128;
// Lines of dst far from each other, which no prefetcher foresees, are asked for so many columns before they are
// written.
constexpr size_t kColumnsAhead = 32;

// Interleaves lanes as wide as Wide, within blocks.
template <class Wide, class D, class V = hn::Vec<D>>
HWY_INLINE void interleave(D d, V a, V b, V& lower, V& upper) {
  const hn::Repartition<Wide, D> wide;
  lower = hn::BitCast(d, hn::InterleaveLower(wide, hn::BitCast(wide, a), hn::BitCast(wide, b)));
  upper = hn::BitCast(d, hn::InterleaveUpper(wide, hn::BitCast(wide, a), hn::BitCast(wide, b)));
}

// Block b of `column` belongs to the dst row b squares further on.
template <class D, class Lane = hn::TFromD<D>>
HWY_INLINE void put_blocks(D d, hn::Vec<D> column, size_t dst_stride, Lane* dst) {
  constexpr size_t kSide = kBlockBytes / sizeof(Lane);
  HWY_ALIGN Lane lanes[hn::MaxLanes(D())];
  hn::Store(column, d, lanes);
  for (size_t k = 0; k < hn::Lanes(d); k += kSide) std::memcpy(dst + k * dst_stride, lanes + k, kBlockBytes);
}

// Four rows of 32-bit numbers at `src`, as many columns as a vector has lanes: block b of c0 .. c3 becomes column
// 4b .. 4b + 3.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void turn_blocks(D d, const float* src, size_t stride, V& c0, V& c1, V& c2, V& c3) {
  const auto a0 = hn::LoadU(d, src), a1 = hn::LoadU(d, src + stride);
  const auto a2 = hn::LoadU(d, src + 2 * stride), a3 = hn::LoadU(d, src + 3 * stride);
  auto b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  interleave<uint32_t>(d, a0, a1, b0, b2);
  interleave<uint32_t>(d, a2, a3, b1, b3);
  interleave<uint64_t>(d, b0, b1, c0, c1);
  interleave<uint64_t>(d, b2, b3, c2, c3);
}

// Four rows of 32-bit numbers, eight of 16-bit ones, at `src`; as many columns as a vector has lanes.
template <class D>
HWY_INLINE void transpose_squares(D d, const float* src, size_t stride, size_t dst_stride, float* dst) {
  auto c0 = hn::Zero(d), c1 = c0, c2 = c0, c3 = c0;
  turn_blocks(d, src, stride, c0, c1, c2, c3);
  put_blocks(d, c0, dst_stride, dst);
  put_blocks(d, c1, dst_stride, dst + dst_stride);
  put_blocks(d, c2, dst_stride, dst + 2 * dst_stride);
  put_blocks(d, c3, dst_stride, dst + 3 * dst_stride);
}

template <class D>
HWY_INLINE void transpose_squares(D d, const uint16_t* src, size_t stride, size_t dst_stride, uint16_t* dst) {
  auto a0 = hn::LoadU(d, src), a1 = hn::LoadU(d, src + stride);
  auto a2 = hn::LoadU(d, src + 2 * stride), a3 = hn::LoadU(d, src + 3 * stride);
  auto a4 = hn::LoadU(d, src + 4 * stride), a5 = hn::LoadU(d, src + 5 * stride);
  auto a6 = hn::LoadU(d, src + 6 * stride), a7 = hn::LoadU(d, src + 7 * stride);
  auto b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0, b7 = a0;
  interleave<uint16_t>(d, a0, a1, b0, b4);
  interleave<uint16_t>(d, a2, a3, b1, b5);
  interleave<uint16_t>(d, a4, a5, b2, b6);
  interleave<uint16_t>(d, a6, a7, b3, b7);
  interleave<uint32_t>(d, b0, b1, a0, a4);
  interleave<uint32_t>(d, b2, b3, a1, a5);
  interleave<uint32_t>(d, b4, b5, a2, a6);
  interleave<uint32_t>(d, b6, b7, a3, a7);
  interleave<uint64_t>(d, a0, a1, b0, b1);
  interleave<uint64_t>(d, a4, a5, b2, b3);
  interleave<uint64_t>(d, a2, a3, b4, b5);
  interleave<uint64_t>(d, a6, a7, b6, b7);
  put_blocks(d, b0, dst_stride, dst);
  put_blocks(d, b1, dst_stride, dst + dst_stride);
  put_blocks(d, b2, dst_stride, dst + 2 * dst_stride);
  put_blocks(d, b3, dst_stride, dst + 3 * dst_stride);
  put_blocks(d, b4, dst_stride, dst + 4 * dst_stride);
  put_blocks(d, b5, dst_stride, dst + 5 * dst_stride);
  put_blocks(d, b6, dst_stride, dst + 6 * dst_stride);
  put_blocks(d, b7, dst_stride, dst + 7 * dst_stride);
}

// Rows that make whole vectors of dst: as many as a vector has lanes; 0: of 128-bit blocks only.
#if !HWY_HAVE_SCALABLE && (HWY_MAX_BYTES == 32 || HWY_MAX_BYTES == 64)
constexpr size_t kWholeRows = HWY_MAX_BYTES / sizeof(float);
#else
constexpr size_t kWholeRows = 0;
#endif

// Blocks of two vectors, or four, turned: vector b of dst gets block b of each.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void put_turned_blocks(D d, V a, V b, size_t dst_stride, float* dst) {
  hn::StoreU(hn::ConcatLowerLower(d, b, a), d, dst);
  hn::StoreU(hn::ConcatUpperUpper(d, b, a), d, dst + 4 * dst_stride);
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE void put_turned_blocks(D d, V a, V b, V c, V e, size_t dst_stride, float* dst) {
  const auto ac_lower = hn::ConcatLowerLower(d, c, a), ac_upper = hn::ConcatUpperUpper(d, c, a);
  const auto be_lower = hn::ConcatLowerLower(d, e, b), be_upper = hn::ConcatUpperUpper(d, e, b);
  hn::StoreU(hn::OddEvenBlocks(hn::SwapAdjacentBlocks(be_lower), ac_lower), d, dst);
  hn::StoreU(hn::OddEvenBlocks(be_lower, hn::SwapAdjacentBlocks(ac_lower)), d, dst + 4 * dst_stride);
  hn::StoreU(hn::OddEvenBlocks(hn::SwapAdjacentBlocks(be_upper), ac_upper), d, dst + 8 * dst_stride);
  hn::StoreU(hn::OddEvenBlocks(be_upper, hn::SwapAdjacentBlocks(ac_upper)), d, dst + 12 * dst_stride);
}

// kWholeRows rows, as many columns.
template <class D>
HWY_INLINE void transpose_whole(D d, const float* src, size_t stride, size_t dst_stride, float* dst) {
  auto a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  turn_blocks(d, src, stride, a0, a1, a2, a3);
  turn_blocks(d, src + 4 * stride, stride, b0, b1, b2, b3);
  if constexpr (kWholeRows == 8) {
    put_turned_blocks(d, a0, b0, dst_stride, dst);
    put_turned_blocks(d, a1, b1, dst_stride, dst + dst_stride);
    put_turned_blocks(d, a2, b2, dst_stride, dst + 2 * dst_stride);
    put_turned_blocks(d, a3, b3, dst_stride, dst + 3 * dst_stride);
  } else {
    auto c0 = a0, c1 = a0, c2 = a0, c3 = a0, e0 = a0, e1 = a0, e2 = a0, e3 = a0;
    turn_blocks(d, src + 8 * stride, stride, c0, c1, c2, c3);
    turn_blocks(d, src + 12 * stride, stride, e0, e1, e2, e3);
    put_turned_blocks(d, a0, b0, c0, e0, dst_stride, dst);
    put_turned_blocks(d, a1, b1, c1, e1, dst_stride, dst + dst_stride);
    put_turned_blocks(d, a2, b2, c2, e2, dst_stride, dst + 2 * dst_stride);
    put_turned_blocks(d, a3, b3, c3, e3, dst_stride, dst + 3 * dst_stride);
  }
}
#endif

// dst (cols, rows) = srcᵀ.
template <class Lane>
HWY_INLINE void transpose_lanes(const Source<Lane>& src, Lane* dst, size_t dst_stride) {
#if HWY_TARGET == HWY_SCALAR
  transpose_plainly(src, 0, src.rows, 0, src.cols, dst, dst_stride);
#else
  constexpr size_t kSide = kBlockBytes / sizeof(Lane);
  const hn::ScalableTag<Lane> d;
  const size_t whole_rows = src.rows - src.rows % kSide, whole_cols = src.cols - src.cols % hn::Lanes(d);
  // So many columns at a time that the lines of dst, filled bit by bit, stay in the first cache.
  for (size_t begin = 0; begin < whole_cols; begin += kColumnsAtOnce) {
    const size_t end = HWY_MIN(begin + kColumnsAtOnce, whole_cols);
    size_t row = 0;
    if constexpr (std::is_same_v<Lane, float> && kWholeRows > 0)
      for (; row + kWholeRows <= whole_rows; row += kWholeRows)
        for (size_t col = begin; col < end; col += hn::Lanes(d)) {
          for (size_t k = col + kColumnsAhead; k < HWY_MIN(col + kColumnsAhead + hn::Lanes(d), whole_cols); ++k)
            hwy::Prefetch(dst + k * dst_stride + row);
          transpose_whole(d, src.data + row * src.stride + col, src.stride, dst_stride, dst + col * dst_stride + row);
        }
    for (; row < whole_rows; row += kSide)
      for (size_t col = begin; col < end; col += hn::Lanes(d))
        transpose_squares(d, src.data + row * src.stride + col, src.stride, dst_stride, dst + col * dst_stride + row);
  }
  transpose_plainly(src, 0, whole_rows, whole_cols, src.cols, dst, dst_stride);
  transpose_plainly(src, whole_rows, src.rows, 0, src.cols, dst, dst_stride);
#endif
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#endif
