// A matrix turned on its side.
#pragma once

#include <cstddef>

#include "compute/bfloat16.h"
#include "compute/matrix.h"

namespace fude {

// dst (cols, rows), without gaps between its rows, = srcᵀ.
template <class T>
void transpose(MatrixView<const T> src, T* dst) {
  for (int row = 0; row < src.rows; ++row)
    for (int col = 0; col < src.cols; ++col)
      dst[static_cast<size_t>(col) * static_cast<size_t>(src.rows) + static_cast<size_t>(row)] =
          src.data[static_cast<size_t>(row) * static_cast<size_t>(src.stride) + static_cast<size_t>(col)];
}

// Vectorized: transpose_simd.cc.
template <>
void transpose(MatrixView<const float> src, float* dst);
template <>
void transpose(MatrixView<const BFloat16> src, BFloat16* dst);

}  // namespace fude
