// Small vector work on rows: bias, sums, masks. Store is Real, or bfloat16 beside float.
#pragma once

#include <cstddef>
#include <cstdint>

#include "compute/bfloat16.h"
#include "compute/matrix.h"

namespace fude {

// rows of `matrix` (rows, cols) += bias (cols).
template <class Real>
void add_bias(int rows, int cols, const Real* bias, Real* matrix);

// sums (cols) += Σ over rows of matrix.
template <class Real, class Store>
void add_column_sums(MatrixView<const Store> matrix, Real* sums);

// dst[k] = a[k] · b[k]; dst may be a or b.
template <class Real, class Store>
void multiply(size_t size, const Store* a, const Real* b, Store* dst);

// dst[k] = src[k], rounded where Store is shorter.
template <class Real, class Store>
void convert(size_t size, const Real* src, Store* dst);

// dst[k] = a[k] + b[k]; dst may be a or b.
template <class Real>
void add(size_t size, const Real* a, const Real* b, Real* dst);

// mask[k] = 0 with probability `drop`, else 1 / (1 - drop); 16 bits of the counter-based sequence (seed, stream) decide
// each, so any part of a mask can be made anywhere in any order: here elements begin .. begin + size - 1, at `mask`.
// `drop` is rounded to a multiple of 2^-16.
template <class Real>
void fill_dropout_mask(double drop, uint64_t seed, uint64_t stream, size_t begin, size_t size, Real* mask);

// float is vectorized: pointwise_simd.cc.
template <>
void add(size_t size, const float* a, const float* b, float* dst);
template <>
void multiply(size_t size, const float* a, const float* b, float* dst);
template <>
void multiply(size_t size, const BFloat16* a, const float* b, BFloat16* dst);
template <>
void convert(size_t size, const float* src, float* dst);
template <>
void convert(size_t size, const float* src, BFloat16* dst);
template <>
void add_bias(int rows, int cols, const float* bias, float* matrix);
template <>
void add_column_sums(MatrixView<const float> matrix, float* sums);
template <>
void add_column_sums(MatrixView<const BFloat16> matrix, float* sums);
template <>
void fill_dropout_mask(double drop, uint64_t seed, uint64_t stream, size_t begin, size_t size, float* mask);

}  // namespace fude
