// f32 products by oneDNN's matmul primitive; see gemm.h. Without oneDNN at build time nothing of it may be called but
// onednn_available.
#pragma once

#include <memory>
#include <string>

#include "compute/gemm.h"

namespace fude {

bool onednn_available();
std::string onednn_description();
bool onednn_rows_are_independent();

void onednn_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const float> a, MatrixView<const float> b,
                 float beta, MatrixView<float> dst);

// A right operand in the blocked layout of the primitives that will read it.
class OneDnnMatrix {
 public:
  OneDnnMatrix();
  ~OneDnnMatrix();
  void pack(Transpose transpose, MatrixView<const float> b);
  void multiply(MatrixView<const float> a, float beta, MatrixView<float> dst) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fude
