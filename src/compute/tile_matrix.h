// Products of bfloat16 numbers by a processor's tile unit; see kernels/tiles.h and PackedMatrix in gemm.h.
#pragma once

#include <cstddef>

#include "compute/aligned_buffer.h"
#include "compute/kernels/pack.h"

namespace fude {

// Bytes in which a thread keeps its left operands, part by part: they stay in a core's own cache beside what passes.
constexpr size_t kTileScratch = size_t{3} << 18;

class TileMatrix {
 public:
  void pack(Transpose transpose, MatrixView<const BFloat16> b);
  void lay_out(int k, int n);
  void put(Transpose transpose, MatrixView<const float> part, int k, int n);
  void finish() {}
  void multiply(MatrixView<const BFloat16> a, float beta, MatrixView<float> dst) const;

 private:
  int k_ = 0, n_ = 0;
  PanelLayout layout_;
  AlignedBuffer buffer_;
  BFloat16* panels_ = nullptr;  // in the buffer
};

void tile_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const BFloat16> a, MatrixView<const BFloat16> b,
               float beta, MatrixView<float> dst);

}  // namespace fude
