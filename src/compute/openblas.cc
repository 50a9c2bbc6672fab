#include "compute/openblas.h"

#include <cblas.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "fude/compute/backend.h"

namespace fude {
namespace {

// OpenBLAS's names of cores that have SSE or AVX at most.
constexpr std::array<std::string_view, 20> kCoresBeforeAvx2 = {
    "Katmai", "Coppermine",  "Northwood", "Prescott",  "Banias",     "Atom",         "Core2",
    "Penryn", "Dunnington",  "Nehalem",   "Athlon",    "Opteron",    "Opteron_SSE3", "Barcelona",
    "Nano",   "Sandybridge", "Bobcat",    "Bulldozer", "Piledriver", "Steamroller"};

void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, const float* a, int lda, const float* b,
               int ldb, float beta, float* c, int ldc) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1.0f, a, lda, b, ldb, beta, c, ldc);
}
void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, const double* a, int lda, const double* b,
               int ldb, double beta, double* c, int ldc) {
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1.0, a, lda, b, ldb, beta, c, ldc);
}
void blas_gemv(CBLAS_TRANSPOSE t, int m, int n, const float* a, int lda, const float* x, float beta, float* y) {
  cblas_sgemv(CblasRowMajor, t, m, n, 1.0f, a, lda, x, 1, beta, y, 1);
}
void blas_gemv(CBLAS_TRANSPOSE t, int m, int n, const double* a, int lda, const double* x, double beta, double* y) {
  cblas_dgemv(CblasRowMajor, t, m, n, 1.0, a, lda, x, 1, beta, y, 1);
}

CBLAS_TRANSPOSE to_cblas(Transpose transpose) { return transpose == Transpose::kYes ? CblasTrans : CblasNoTrans; }

template <class Real>
void multiply(Transpose transpose_a, Transpose transpose_b, MatrixView<const Real> a, MatrixView<const Real> b,
              Real beta, MatrixView<Real> dst) {
  const int k = transpose_a == Transpose::kYes ? a.rows : a.cols;
  assert((transpose_a == Transpose::kYes ? a.cols : a.rows) == dst.rows);
  assert((transpose_b == Transpose::kYes ? b.rows : b.cols) == dst.cols);
  assert((transpose_b == Transpose::kYes ? b.cols : b.rows) == k);
  if (dst.rows == 0 || dst.cols == 0) return;
  if (dst.rows == 1 && transpose_a == Transpose::kNo) {
    // One row: a matrix-vector product, dst = op(b)^T a, reads the matrix once without packing it.
    const Transpose transpose = transpose_b == Transpose::kYes ? Transpose::kNo : Transpose::kYes;
    blas_gemv(to_cblas(transpose), b.rows, b.cols, b.data, b.stride, a.data, beta, dst.data);
    return;
  }
  blas_gemm(to_cblas(transpose_a), to_cblas(transpose_b), dst.rows, dst.cols, k, a.data, a.stride, b.data, b.stride,
            beta, dst.data, dst.stride);
}

}  // namespace

void openblas_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const float> a, MatrixView<const float> b,
                   float beta, MatrixView<float> dst) {
  multiply(transpose_a, transpose_b, a, b, beta, dst);
}
void openblas_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const double> a, MatrixView<const double> b,
                   double beta, MatrixView<double> dst) {
  multiply(transpose_a, transpose_b, a, b, beta, dst);
}

std::string openblas_description() {
  // openblas_get_config() reads "OpenBLAS 0.3.21 ... MAX_THREADS=64"; the first two words name it.
  const std::string config = openblas_get_config();
  const size_t space = config.find(' ', config.find(' ') + 1);
  return config.substr(0, space) + " " + openblas_get_corename();
}

std::string better_openblas_core(std::string_view core, std::string_view instructions) {
  if (std::find(kCoresBeforeAvx2.begin(), kCoresBeforeAvx2.end(), core) == kCoresBeforeAvx2.end()) return "";
  if (instructions.starts_with("AVX3")) return "SkylakeX";
  return instructions == "AVX2" ? "Haswell" : "";
}

std::string better_openblas_core() { return better_openblas_core(openblas_get_corename(), instruction_set()); }

}  // namespace fude
