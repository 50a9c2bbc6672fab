// Small vector work in float, vectorized; pointwise.cc says in double what it means.
#include "compute/kernels/pointwise.h"

#include <algorithm>
#include <cmath>

#include "fude/base/random.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/pointwise_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

void add(size_t size, const float* a, const float* b, float* dst) {
  for_columns(size, [&](auto d, size_t k)
                        HWY_ATTR { hn::StoreU(hn::Add(hn::LoadU(d, a + k), hn::LoadU(d, b + k)), d, dst + k); });
}

template <class Store>
HWY_INLINE void multiply(size_t size, const Store* a, const float* b, Store* dst) {
  for_columns(size,
              [&](auto d, size_t k) HWY_ATTR { store(hn::Mul(load(d, a + k), hn::LoadU(d, b + k)), d, dst + k); });
}
void multiply_f32(size_t size, const float* a, const float* b, float* dst) { multiply(size, a, b, dst); }
void multiply_bf16(size_t size, const BFloat16* a, const float* b, BFloat16* dst) { multiply(size, a, b, dst); }

void convert_bf16(size_t size, const float* src, BFloat16* dst) {
  for_columns(size, [&](auto d, size_t k) HWY_ATTR { store(hn::LoadU(d, src + k), d, dst + k); });
}

template <class Store>
HWY_INLINE void add_rows(const MatrixView<const Store>& matrix, float* sums) {
  const auto cols = static_cast<size_t>(matrix.cols);
  const Store* row = matrix.data;
  for (int left = matrix.rows; left > 0; --left, row += matrix.stride)
    for_columns(cols, [&](auto d, size_t k)
                          HWY_ATTR { hn::StoreU(hn::Add(load(d, row + k), hn::LoadU(d, sums + k)), d, sums + k); });
}
void add_rows_f32(const MatrixView<const float>& matrix, float* sums) { add_rows(matrix, sums); }
void add_rows_bf16(const MatrixView<const BFloat16>& matrix, float* sums) { add_rows(matrix, sums); }

// Blocks first .. first + blocks - 1 of the sequence, 4 words each, by the rounds of philox() in base/random.cc.
// `blocks` is rounded up to whole vectors: `words` has room for that.
#if HWY_TARGET == HWY_SCALAR
void philox_blocks(uint64_t seed, uint64_t stream, uint64_t first, size_t blocks, uint32_t* words) {
  for (size_t block = 0; block < blocks; ++block) {
    const auto made = philox(seed, stream, first + block);
    std::copy(made.begin(), made.end(), words + 4 * block);
  }
}
#else
using U32 = hn::ScalableTag<uint32_t>;

// 32 x 32 bits: the upper and the lower half of the product.
HWY_INLINE void multiply_wide(hn::Vec<U32> a, uint32_t factor, hn::Vec<U32>& high, hn::Vec<U32>& low) {
  const U32 d;
  const hn::RepartitionToWide<U32> wide;
  const auto b = hn::Set(d, factor);
  const auto even = hn::BitCast(d, hn::MulEven(a, b));
  const auto odd = hn::BitCast(d, hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, a))), b));
  const auto upper = hn::BitCast(d, hn::Set(wide, 0xFFFFFFFF00000000u));
  const auto even_high = hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, even)));
  const auto odd_low = hn::BitCast(d, hn::ShiftLeft<32>(hn::BitCast(wide, odd)));
  high = hn::Or(hn::And(upper, odd), even_high);
  low = hn::Or(odd_low, hn::AndNot(upper, even));
}

void philox_blocks(uint64_t seed, uint64_t stream, uint64_t first, size_t blocks, uint32_t* words) {
  const U32 d;
  HWY_ALIGN uint32_t low[hn::MaxLanes(U32())];
  HWY_ALIGN uint32_t high[hn::MaxLanes(U32())];
  for (size_t block = 0; block < blocks; block += hn::Lanes(d)) {
    for (size_t lane = 0; lane < hn::Lanes(d); ++lane) {
      const uint64_t counter = first + block + lane;
      low[lane] = static_cast<uint32_t>(counter);
      high[lane] = static_cast<uint32_t>(counter >> 32);
    }
    auto x0 = hn::Load(d, low), x1 = hn::Load(d, high);
    auto x2 = hn::Set(d, static_cast<uint32_t>(stream)), x3 = hn::Set(d, static_cast<uint32_t>(stream >> 32));
    auto key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      auto high0 = x0, low0 = x0, high1 = x0, low1 = x0;
      multiply_wide(x0, 0xD2511F53, high0, low0);
      multiply_wide(x2, 0xCD9E8D57, high1, low1);
      x0 = hn::Xor(hn::Xor(high1, x1), hn::Set(d, key0));
      x2 = hn::Xor(hn::Xor(high0, x3), hn::Set(d, key1));
      x1 = low1;
      x3 = low0;
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    hn::StoreInterleaved4(x0, x1, x2, x3, d, words + 4 * block);
  }
}
#endif

// mask[k] = 0 where 16 bits of the words are below the threshold; lots [0, size), lower halves of words first.
void mask_from_words(const uint32_t* words, size_t skip, size_t size, uint32_t threshold, float keep, float* mask) {
  for (size_t k = 0; k < size; ++k) {
    const size_t lot = skip + k;
    mask[k] = (words[lot / 2] >> (16 * (lot % 2)) & 0xFFFF) < threshold ? 0.0f : keep;
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(add);
HWY_EXPORT(multiply_f32);
HWY_EXPORT(multiply_bf16);
HWY_EXPORT(convert_bf16);
HWY_EXPORT(add_rows_f32);
HWY_EXPORT(add_rows_bf16);
HWY_EXPORT(philox_blocks);
HWY_EXPORT(mask_from_words);

template <>
void add(size_t size, const float* a, const float* b, float* dst) {
  HWY_DYNAMIC_DISPATCH(add)(size, a, b, dst);
}

template <>
void multiply(size_t size, const float* a, const float* b, float* dst) {
  HWY_DYNAMIC_DISPATCH(multiply_f32)(size, a, b, dst);
}

template <>
void multiply(size_t size, const BFloat16* a, const float* b, BFloat16* dst) {
  HWY_DYNAMIC_DISPATCH(multiply_bf16)(size, a, b, dst);
}

template <>
void convert(size_t size, const float* src, float* dst) {
  std::copy_n(src, size, dst);
}

template <>
void convert(size_t size, const float* src, BFloat16* dst) {
  HWY_DYNAMIC_DISPATCH(convert_bf16)(size, src, dst);
}

template <>
void add_bias(int rows, int cols, const float* bias, float* matrix) {
  for (int row = 0; row < rows; ++row, matrix += cols) add(static_cast<size_t>(cols), matrix, bias, matrix);
}

template <>
void add_column_sums(MatrixView<const float> matrix, float* sums) {
  HWY_DYNAMIC_DISPATCH(add_rows_f32)(matrix, sums);
}

template <>
void add_column_sums(MatrixView<const BFloat16> matrix, float* sums) {
  HWY_DYNAMIC_DISPATCH(add_rows_bf16)(matrix, sums);
}

template <>
void fill_dropout_mask(double drop, uint64_t seed, uint64_t stream, size_t begin, size_t size, float* mask) {
  constexpr size_t kPerBlock = 8, kBlocks = 64, kLots = kPerBlock * kBlocks;
  // Whole vectors of blocks are made: room for the longest there may be.
  uint32_t words[4 * (kBlocks + 64)];
  const auto threshold = static_cast<uint32_t>(std::min(std::lround(drop * 65536.0), 65535L));
  const auto keep = static_cast<float>(1.0 / (1.0 - threshold / 65536.0));
  for (size_t done = 0; done < size;) {
    const size_t at = begin + done, skip = at % kPerBlock;
    const size_t count = std::min(size - done, kLots - skip);
    HWY_DYNAMIC_DISPATCH(philox_blocks)
    (seed, stream, at / kPerBlock, (skip + count + kPerBlock - 1) / kPerBlock, words);
    HWY_DYNAMIC_DISPATCH(mask_from_words)(words, skip, count, threshold, keep, mask + done);
    done += count;
  }
}

}  // namespace fude
#endif
