// Products by oneDNN's matmul primitive; see gemm.h. Store is float or BFloat16. Without oneDNN at build time nothing
// is multiplied or packed here.
#pragma once

#include <memory>
#include <string>

#include "compute/gemm.h"

namespace fude {

bool onednn_available();
// Whether this CPU multiplies bfloat16 in hardware.
bool onednn_has_bf16();
std::string onednn_description();
// See products_are_independent() in gemm.h; of bfloat16 numbers only up to a depth of kOneDnnDeepest.
bool onednn_products_are_independent();
constexpr int kOneDnnDeepest = 1300;

template <class Store>
void onednn_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const Store> a, MatrixView<const Store> b,
                 float beta, MatrixView<float> dst);

// A right operand in the blocked layout of the primitives that will read it.
template <class Store>
class OneDnnMatrix {
 public:
  OneDnnMatrix();
  ~OneDnnMatrix();
  void pack(Transpose transpose, MatrixView<const Store> b);
  void lay_out(int k, int n);
  void put(Transpose transpose, MatrixView<const float> part, int k, int n);
  void finish();
  void multiply(MatrixView<const Store> a, float beta, MatrixView<float> dst) const;

 private:
  void choose_layout(int k, int n);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fude
