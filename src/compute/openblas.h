// Products by OpenBLAS; see gemm.h.
#pragma once

#include <string>

#include "compute/gemm.h"

namespace fude {

void openblas_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const float> a, MatrixView<const float> b,
                   float beta, MatrixView<float> dst);
void openblas_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const double> a, MatrixView<const double> b,
                   double beta, MatrixView<double> dst);
std::string openblas_description();

}  // namespace fude
