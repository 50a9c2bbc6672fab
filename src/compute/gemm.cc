#include "compute/gemm.h"

#include <atomic>

#include "compute/onednn.h"
#include "compute/openblas.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"

namespace fude {
namespace {

Backend best_backend() { return onednn_available() ? Backend::kOneDnn : Backend::kOpenBlas; }

std::atomic<Backend>& chosen() {
  static std::atomic<Backend> backend = (threads(), best_backend());  // threads(): OpenBLAS keeps to one from here on
  return backend;
}

}  // namespace

void set_backend(std::string_view name) {
  if (name == "auto") {
    chosen() = best_backend();
  } else if (name == "openblas") {
    chosen() = Backend::kOpenBlas;
  } else if (name == "onednn") {
    if (!onednn_available())
      throw ConfigError("this program was built without oneDNN", "--backend openblas, or build with libdnnl-dev there");
    chosen() = Backend::kOneDnn;
  } else {
    throw ConfigError("backend must be auto, openblas or onednn, got \"" + std::string(name) + "\"");
  }
}

Backend backend() { return chosen(); }

std::string backend_description() {
  return backend() == Backend::kOneDnn ? onednn_description() : openblas_description();
}

bool rows_are_independent() { return backend() == Backend::kOneDnn && onednn_rows_are_independent(); }

template <>
void gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const double> a, MatrixView<const double> b,
          double beta, MatrixView<double> dst) {
  openblas_gemm(transpose_a, transpose_b, a, b, beta, dst);
}

template <>
void gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const float> a, MatrixView<const float> b,
          float beta, MatrixView<float> dst) {
  if (backend() == Backend::kOneDnn) {
    onednn_gemm(transpose_a, transpose_b, a, b, beta, dst);
  } else {
    openblas_gemm(transpose_a, transpose_b, a, b, beta, dst);
  }
}

template <>
struct PackedMatrix<float>::Packed : OneDnnMatrix {};
template <>
struct PackedMatrix<double>::Packed {};

template <class Real>
PackedMatrix<Real>::PackedMatrix() = default;
template <class Real>
PackedMatrix<Real>::~PackedMatrix() = default;
template <class Real>
PackedMatrix<Real>::PackedMatrix(PackedMatrix&&) noexcept = default;
template <class Real>
PackedMatrix<Real>& PackedMatrix<Real>::operator=(PackedMatrix&&) noexcept = default;

template <class Real>
void PackedMatrix<Real>::pack(Transpose transpose, MatrixView<const Real> b) {
  transpose_ = transpose;
  source_ = b;
  if constexpr (std::is_same_v<Real, float>) {
    if (backend() != Backend::kOneDnn) {
      packed_.reset();
    } else {
      if (packed_ == nullptr) packed_ = std::make_unique<Packed>();
      packed_->pack(transpose, b);
    }
  }
}

template <class Real>
void PackedMatrix<Real>::multiply(MatrixView<const Real> a, Real beta, MatrixView<Real> dst) const {
  // One row reads every weight once, wherever it lies.
  if constexpr (std::is_same_v<Real, float>) {
    if (packed_ != nullptr && dst.rows > 1) return packed_->multiply(a, beta, dst);
  }
  openblas_gemm(Transpose::kNo, transpose_, a, source_, beta, dst);
}

template class PackedMatrix<float>;
template class PackedMatrix<double>;

}  // namespace fude
