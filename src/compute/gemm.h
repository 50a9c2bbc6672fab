// Matrix products: the one seam to the BLAS.
#pragma once

#include <string>

#include "compute/matrix.h"

namespace fude {

enum class Transpose { kNo, kYes };

// dst (M,N) = op(a) (M,K) · op(b) (K,N) + beta · dst. With beta 0 dst's old content is not read.
template <class Real>
void gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const std::type_identity_t<Real>> a,
          MatrixView<const std::type_identity_t<Real>> b, std::type_identity_t<Real> beta, MatrixView<Real> dst);

// The library behind it and the kernels it chose, as "OpenBLAS 0.3.21 SkylakeX".
std::string gemm_backend();

}  // namespace fude
