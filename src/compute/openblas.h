// Products by OpenBLAS; see gemm.h.
#pragma once

#include <string>
#include <string_view>

#include "compute/gemm.h"

namespace fude {

void openblas_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const float> a, MatrixView<const float> b,
                   float beta, MatrixView<float> dst);
void openblas_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const double> a, MatrixView<const double> b,
                   double beta, MatrixView<double> dst);
std::string openblas_description();

// The core whose kernels suit a processor with these vector instructions (instruction_set()), when OpenBLAS took it for
// one without them, as it does with processors newer than itself; else empty.
std::string better_openblas_core(std::string_view core, std::string_view instructions);
// The same of the OpenBLAS and the processor that are here.
std::string better_openblas_core();

}  // namespace fude
