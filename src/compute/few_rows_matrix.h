// A right operand for products whose left operand has few rows; see kernels/few_rows.h and PackedMatrix in gemm.h.
#pragma once

#include <vector>

#include "compute/kernels/pack.h"

namespace fude {

class FewRowsMatrix {
 public:
  FewRowsMatrix() = default;
  FewRowsMatrix(const FewRowsMatrix&) = delete;
  FewRowsMatrix& operator=(const FewRowsMatrix&) = delete;

  void lay_out(int k, int n);
  void put(Transpose transpose, MatrixView<const float> part, int k, int n);
  void multiply(MatrixView<const float> a, float beta, MatrixView<float> dst) const;

 private:
  PanelLayout layout_;
  std::vector<float> buffer_;  // only grows
  float* panels_ = nullptr;    // in the buffer, where a line of the cache begins
};

}  // namespace fude
