#include "compute/gemm.h"

#include <atomic>
#include <variant>

#include "compute/few_rows_matrix.h"
#include "compute/kernels/tiles.h"
#include "compute/onednn.h"
#include "compute/openblas.h"
#include "compute/tile_matrix.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"

namespace fude {
namespace {

// Without batch-reduce kernels (oneDNN 2.6 and AVX2 alone) OpenBLAS has the faster products of many rows, if it knows
// the processor.
Backend best_backend(Work work) {
  const bool is_faster = work == Work::kWriting || onednn_products_are_independent() || !better_openblas_core().empty();
  return onednn_available() && is_faster ? Backend::kOneDnn : Backend::kOpenBlas;
}

std::atomic<Backend>& chosen() {
  // threads(): OpenBLAS keeps to one from here on.
  static std::atomic<Backend> backend = (threads(), best_backend(Work::kWriting));
  return backend;
}

// Whether a processor's tiles multiply bfloat16 numbers, where there are any.
std::atomic<bool>& tiles_chosen() {
  static std::atomic<bool> chosen = true;
  return chosen;
}

bool in_tiles() { return tiles_chosen() && tiles_available(); }

}  // namespace

void set_backend(std::string_view name, Work work) {
  if (name == "auto") {
    chosen() = best_backend(work);
  } else if (name == "openblas") {
    chosen() = Backend::kOpenBlas;
  } else if (name == "onednn") {
    if (!onednn_available())
      throw ConfigError("this program was built without oneDNN", "--backend openblas, or build with libdnnl-dev there");
    chosen() = Backend::kOneDnn;
  } else {
    throw ConfigError("backend must be auto, openblas or onednn, got \"" + std::string(name) + "\"");
  }
  tiles_chosen() = name == "auto";
}

Backend backend() { return chosen(); }

std::string backend_description(bool rounded) {
  if (rounded && in_tiles()) return "AMX tiles";
  return backend() == Backend::kOneDnn ? onednn_description() : openblas_description();
}

std::string backend_hint() {
  const std::string core = backend() == Backend::kOpenBlas ? better_openblas_core() : "";
  if (core.empty()) return "";
  return openblas_description() + " is made for older processors: set OPENBLAS_CORETYPE=" + core +
         " for several times its speed";
}

template <>
bool products_are_independent<double>(int) {
  return false;
}
template <>
bool products_are_independent<float>(int) {
  return backend() == Backend::kOneDnn && onednn_products_are_independent();
}
template <>
bool products_are_independent<BFloat16>(int depth) {
  return in_tiles() || (onednn_products_are_independent() && depth <= kOneDnnDeepest);
}

size_t product_scratch_size() { return in_tiles() ? kTileScratch : 0; }

bool bf16_available() { return in_tiles() || (backend() == Backend::kOneDnn && onednn_has_bf16()); }

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
void gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const BFloat16> a, MatrixView<const BFloat16> b,
          float beta, MatrixView<float> dst) {
  in_tiles() ? tile_gemm(transpose_a, transpose_b, a, b, beta, dst)
             : onednn_gemm(transpose_a, transpose_b, a, b, beta, dst);
}

// A matrix of one of several kinds.
template <class Store, class... Kinds>
struct AnyPacked {
  std::variant<Kinds...> matrix;

  // In place of one of another kind.
  template <class Kind>
  Kind& as() {
    return std::holds_alternative<Kind>(matrix) ? std::get<Kind>(matrix) : matrix.template emplace<Kind>();
  }
  void put(Transpose transpose, MatrixView<const float> part, int k, int n) {
    std::visit([&](auto& any) { any.put(transpose, part, k, n); }, matrix);
  }
  void finish() {
    std::visit([](auto& any) { any.finish(); }, matrix);
  }
  void multiply(MatrixView<const Store> a, float beta, MatrixView<float> dst) const {
    std::visit([&](const auto& any) { any.multiply(a, beta, dst); }, matrix);
  }
};

template <>
struct PackedMatrix<float>::Packed : AnyPacked<float, OneDnnMatrix<float>, FewRowsMatrix> {
  void pack(Transpose transpose, MatrixView<const float> b) { as<OneDnnMatrix<float>>().pack(transpose, b); }
  void lay_out(int k, int n, Rows rows) {
    rows == Rows::kFew ? as<FewRowsMatrix>().lay_out(k, n) : as<OneDnnMatrix<float>>().lay_out(k, n);
  }
};
template <>
struct PackedMatrix<float, BFloat16>::Packed : AnyPacked<BFloat16, OneDnnMatrix<BFloat16>, TileMatrix> {
  void pack(Transpose transpose, MatrixView<const BFloat16> b) {
    in_tiles() ? as<TileMatrix>().pack(transpose, b) : as<OneDnnMatrix<BFloat16>>().pack(transpose, b);
  }
  void lay_out(int k, int n, Rows) {
    in_tiles() ? as<TileMatrix>().lay_out(k, n) : as<OneDnnMatrix<BFloat16>>().lay_out(k, n);
  }
};
template <>
struct PackedMatrix<double>::Packed {};

template <class Real, class Store>
PackedMatrix<Real, Store>::PackedMatrix() = default;
template <class Real, class Store>
PackedMatrix<Real, Store>::~PackedMatrix() = default;
template <class Real, class Store>
PackedMatrix<Real, Store>::PackedMatrix(PackedMatrix&&) noexcept = default;
template <class Real, class Store>
PackedMatrix<Real, Store>& PackedMatrix<Real, Store>::operator=(PackedMatrix&&) noexcept = default;

template <class Real, class Store>
void PackedMatrix<Real, Store>::pack(Transpose transpose, MatrixView<const Store> b) {
  transpose_ = transpose;
  source_ = b;
  if constexpr (std::is_same_v<Real, float>) {
    if (is_copied()) {
      if (packed_ == nullptr) packed_ = std::make_unique<Packed>();
      packed_->pack(transpose, b);
    } else {
      packed_.reset();
    }
  }
}

template <class Real, class Store>
bool PackedMatrix<Real, Store>::is_copied() {
  return std::is_same_v<Real, float> && (kIsRounded<Store, Real> || backend() == Backend::kOneDnn);
}

template <class Real, class Store>
void PackedMatrix<Real, Store>::lay_out(int k, int n, Rows rows) {
  if constexpr (std::is_same_v<Real, float>) {
    if (packed_ == nullptr) packed_ = std::make_unique<Packed>();
    packed_->lay_out(k, n, rows);
  }
}

template <class Real, class Store>
void PackedMatrix<Real, Store>::put(Transpose transpose, MatrixView<const Real> part, int k, int n) {
  if constexpr (std::is_same_v<Real, float>) packed_->put(transpose, part, k, n);
}

template <class Real, class Store>
void PackedMatrix<Real, Store>::finish() {
  if constexpr (std::is_same_v<Real, float>) packed_->finish();
}

template <class Real, class Store>
void PackedMatrix<Real, Store>::multiply(MatrixView<const Store> a, Real beta, MatrixView<Real> dst) const {
  if constexpr (kIsRounded<Store, Real>) {
    packed_->multiply(a, beta, dst);
  } else {
    if constexpr (std::is_same_v<Real, float>) {
      if (packed_ != nullptr) return packed_->multiply(a, beta, dst);
    }
    openblas_gemm(Transpose::kNo, transpose_, a, source_, beta, dst);
  }
}

template class PackedMatrix<float>;
template class PackedMatrix<float, BFloat16>;
template class PackedMatrix<double>;

}  // namespace fude
