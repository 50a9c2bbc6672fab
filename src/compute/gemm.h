// Matrix products: the one seam to the libraries that compute them. Each call works on the caller's thread alone; Fude
// divides work over threads itself.
#pragma once

#include <cstddef>
#include <memory>

#include "compute/bfloat16.h"
#include "compute/matrix.h"

namespace fude {

// Whether an element of a packed product over `depth` (K) numbers has the same bits whatever other rows and columns are
// computed with it, of float results by the backend chosen (fude/compute/backend.h). Products of bfloat16 numbers must
// have kLeastIndependent columns, and the same rows or more than a few.
template <class Store>
bool products_are_independent(int depth);
constexpr int kLeastIndependent = 64;

enum class Transpose { kNo, kYes };

// Bytes in which a thread that multiplies bfloat16 numbers keeps what it needs beside the operands.
size_t product_scratch_size();

// dst (M,N) = op(a) (M,K) · op(b) (K,N) + beta · dst; beta is 0, when dst's old content is not read, or 1.
template <class Store, class Real>
void gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const Store> a,
          MatrixView<const std::type_identity_t<Store>> b, std::type_identity_t<Real> beta, MatrixView<Real> dst);

// How many rows most left operands have. For few of them the sum over K is taken in another order: who chooses must go
// neither by the number of threads nor by what was computed before.
enum class Rows { kMany, kFew };
constexpr int kMostFewRows = 28;  // whose sums AVX-512 holds in registers at once

// The right operand of many products, laid out once as the backend reads it fastest.
template <class Real, class Store = Real>
class PackedMatrix {
 public:
  PackedMatrix();
  ~PackedMatrix();
  PackedMatrix(PackedMatrix&&) noexcept;
  PackedMatrix& operator=(PackedMatrix&&) noexcept;

  // Of op(b) (K,N). `b` must stay where it is; when its content changes it must be packed again.
  void pack(Transpose transpose, MatrixView<const Store> b);

  // Whether the backend makes copies. Only then may the matrix be made part by part instead, from numbers that are not
  // rounded yet: lay_out(), put() of parts by any threads, and finish() once all are there. Later some may be put
  // anew, and finish() called again.
  static bool is_copied();
  void lay_out(int k, int n, Rows rows = Rows::kMany);
  // op(part) becomes the rows from k on and the columns from n on. Rows are taken in pairs: k is even, and so is the
  // number of rows, but at the end.
  void put(Transpose transpose, MatrixView<const Real> part, int k, int n);
  void finish();

  // dst (M,N) = a (M,K) · op(b) + beta · dst; beta is 0 or 1; a and dst without gaps between their rows. May be called
  // from several threads at once.
  void multiply(MatrixView<const Store> a, Real beta, MatrixView<Real> dst) const;

 private:
  struct Packed;
  Transpose transpose_ = Transpose::kNo;
  MatrixView<const Store> source_;
  std::unique_ptr<Packed> packed_;  // none: products read the source
};

}  // namespace fude
