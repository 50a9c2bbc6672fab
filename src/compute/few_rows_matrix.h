// A right operand for products whose left operand has few rows; see kernels/few_rows.h and PackedMatrix in gemm.h.
#pragma once

#include "compute/aligned_buffer.h"
#include "compute/kernels/pack.h"

namespace fude {

class FewRowsMatrix {
 public:
  void lay_out(int k, int n);
  void put(Transpose transpose, MatrixView<const float> part, int k, int n);
  void finish() {}
  void multiply(MatrixView<const float> a, float beta, MatrixView<float> dst) const;

 private:
  PanelLayout layout_;
  AlignedBuffer buffer_;
  float* panels_ = nullptr;  // in the buffer
};

}  // namespace fude
