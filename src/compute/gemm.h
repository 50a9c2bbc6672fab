// Matrix products: the one seam to the libraries that compute them. Each call works on the caller's thread alone; Fude
// divides work over threads itself.
#pragma once

#include <memory>

#include "compute/matrix.h"

namespace fude {

// Whether a row of a product has the same bits whatever other rows are computed with it, of
// float products by the backend chosen (fude/compute/backend.h).
bool rows_are_independent();

enum class Transpose { kNo, kYes };

// dst (M,N) = op(a) (M,K) · op(b) (K,N) + beta · dst; beta is 0, when dst's old content is not read, or 1.
template <class Real>
void gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const std::type_identity_t<Real>> a,
          MatrixView<const std::type_identity_t<Real>> b, std::type_identity_t<Real> beta, MatrixView<Real> dst);

// The right operand of many products, laid out once as the backend reads it fastest.
template <class Real>
class PackedMatrix {
 public:
  PackedMatrix();
  ~PackedMatrix();
  PackedMatrix(PackedMatrix&&) noexcept;
  PackedMatrix& operator=(PackedMatrix&&) noexcept;

  // Of op(b) (K,N). `b` must stay where it is; when its content changes it must be packed again.
  void pack(Transpose transpose, MatrixView<const Real> b);

  // dst (M,N) = a (M,K) · op(b) + beta · dst; beta is 0 or 1; a and dst without gaps between their rows. May be called
  // from several threads at once.
  void multiply(MatrixView<const Real> a, Real beta, MatrixView<Real> dst) const;

 private:
  struct Packed;
  Transpose transpose_ = Transpose::kNo;
  MatrixView<const Real> source_;
  std::unique_ptr<Packed> packed_;  // none: products read the source
};

}  // namespace fude
