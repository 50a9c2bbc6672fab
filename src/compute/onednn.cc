#include "compute/onednn.h"

#ifdef FUDE_WITH_ONEDNN

#include <dnnl.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/parallel.h"
#include "compute/aligned_buffer.h"
#include "compute/kernels/pack.h"

namespace fude {
namespace {

using dnnl::matmul;
using dnnl::memory;

// Deeper products of bfloat16 numbers are summed up in an order that depends on the number of rows, unless these are
// few (seen with oneDNN 2.6 and AMX; the tests hold it).
constexpr int kSimplyDeep = 700;
constexpr int kDeepRows = 128;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& stream() {
  thread_local dnnl::stream stream(cpu());
  return stream;
}

template <class T>
constexpr memory::data_type kType = std::is_same_v<T, BFloat16> ? memory::data_type::bf16 : memory::data_type::f32;

template <class T>
memory::desc strided(int rows, int cols, int row_stride, int col_stride) {
  return {{rows, cols}, kType<T>, memory::dims{row_stride, col_stride}};
}

template <class T>
memory::desc dense(int rows, int cols) {
  return strided<T>(rows, cols, cols, 1);
}

// As oneDNN likes it best.
template <class T>
memory::desc any(int rows, int cols) {
  return {{rows, cols}, kType<T>, memory::format_tag::any};
}

template <class T>
memory::desc view_desc(Transpose transpose, const MatrixView<const T>& view) {
  return transpose == Transpose::kYes ? strided<T>(view.cols, view.rows, 1, view.stride)
                                      : strided<T>(view.rows, view.cols, view.stride, 1);
}

matmul::primitive_desc describe(const memory::desc& src, const memory::desc& weights, const memory::desc& dst,
                                bool accumulate) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (accumulate) {
    dnnl::post_ops sum;
    sum.append_sum(1.0f);
    attr.set_post_ops(sum);
  }
#if DNNL_VERSION_MAJOR >= 3
  return {cpu(), src, weights, dst, attr};
#else
  return {{src, weights, dst}, attr, cpu()};
#endif
}

// One product of fixed shapes and strides. Calls from several threads each borrow a set of arguments.
class Product {
 public:
  explicit Product(const matmul::primitive_desc& description) : description_(description), primitive_(description) {}

  void run(const void* src, const void* weights, float* dst) {
    Arguments arguments = borrow();
    arguments.src.set_data_handle(const_cast<void*>(src));
    arguments.weights.set_data_handle(const_cast<void*>(weights));
    arguments.dst.set_data_handle(dst);
    const dnnl_exec_arg_t list[] = {{DNNL_ARG_SRC, arguments.src.get()},
                                    {DNNL_ARG_WEIGHTS, arguments.weights.get()},
                                    {DNNL_ARG_DST, arguments.dst.get()},
                                    {DNNL_ARG_SCRATCHPAD, arguments.scratchpad.get()}};
    dnnl::error::wrap_c_api(dnnl_primitive_execute(primitive_.get(), stream().get(), std::size(list), list),
                            "oneDNN could not compute a matrix product");
    give_back(std::move(arguments));
  }

 private:
  struct Arguments {
    memory src, weights, dst, scratchpad;
  };

  Arguments borrow() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Arguments arguments = std::move(free_.back());
        free_.pop_back();
        return arguments;
      }
    }
    return {memory(description_.src_desc(), cpu(), nullptr), memory(description_.weights_desc(), cpu(), nullptr),
            memory(description_.dst_desc(), cpu(), nullptr), memory(description_.scratchpad_desc(), cpu())};
  }
  void give_back(Arguments arguments) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(arguments));
  }

  matmul::primitive_desc description_;
  matmul primitive_;
  std::mutex mutex_;
  std::vector<Arguments> free_;
};

// Products by what tells them apart.
template <size_t kSize>
class Products {
 public:
  using Key = std::array<int, kSize>;

  // `make` gives the description of a product that is not there yet.
  template <class Make>
  Product& get(const Key& key, const Make& make) {
    const std::lock_guard lock(mutex_);
    const auto found = products_.find(key);
    if (found != products_.end()) return *found->second;
    return *products_.emplace(key, std::make_unique<Product>(make())).first->second;
  }

 private:
  struct Hash {
    size_t operator()(const Key& key) const {
      size_t hash = 0;
      for (const int value : key) hash = hash * 0x9E3779B97F4A7C15U + static_cast<size_t>(value);
      return hash;
    }
  };
  std::mutex mutex_;
  std::unordered_map<Key, std::unique_ptr<Product>, Hash> products_;
};

}  // namespace

bool onednn_available() { return true; }

bool onednn_has_bf16() {
  // An instruction set's bits hold those of the sets that it extends.
  constexpr auto kNeeded = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & kNeeded) == kNeeded;
}

std::string onednn_description() {
  const dnnl_version_t* const version = dnnl_version();
  const char* isa = "";
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
      isa = " SSE4.1";
      break;
    case dnnl::cpu_isa::avx:
      isa = " AVX";
      break;
    case dnnl::cpu_isa::avx2:
      isa = " AVX2";
      break;
    case dnnl::cpu_isa::avx2_vnni:
      isa = " AVX2 VNNI";
      break;
    case dnnl::cpu_isa::avx512_core:
      isa = " AVX-512";
      break;
    case dnnl::cpu_isa::avx512_core_vnni:
      isa = " AVX-512 VNNI";
      break;
    case dnnl::cpu_isa::avx512_core_bf16:
      isa = " AVX-512 BF16";
      break;
    case dnnl::cpu_isa::avx512_core_amx:
      isa = " AVX-512 AMX";
      break;
    default:
      break;
  }
  return "oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
         std::to_string(version->patch) + isa;
}

bool onednn_products_are_independent() {
  // The batch-reduce kernels add up each element in the order of K alone; others choose by the whole shape.
  static const bool independent = [] {
    const auto description = describe(dense<float>(64, 64), any<float>(64, 64), dense<float>(64, 64), false);
    return std::strncmp(description.impl_info_str(), "brg", 3) == 0;
  }();
  return independent;
}

template <class Store>
void onednn_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const Store> a, MatrixView<const Store> b,
                 float beta, MatrixView<float> dst) {
  static Products<9> products;
  if (dst.rows == 0 || dst.cols == 0) return;
  const OneOpenMpThread one;
  const int k = transpose_a == Transpose::kYes ? a.rows : a.cols;
  Product& product = products.get({transpose_a == Transpose::kYes, transpose_b == Transpose::kYes, dst.rows, dst.cols,
                                   k, a.stride, b.stride, dst.stride, beta != 0},
                                  [&] {
                                    return describe(view_desc(transpose_a, a), view_desc(transpose_b, b),
                                                    strided<float>(dst.rows, dst.cols, dst.stride, 1), beta != 0);
                                  });
  product.run(a.data, b.data, dst.data);
}

// The panels that a (K,N) layout consists of; none when it is another: blocks of 16 rows of K, or of 16 pairs, by some
// columns. oneDNN's own reordering takes two to four times as long for bfloat16 numbers, and knows no parts.
PanelLayout panels_of(const memory::desc& layout, bool in_pairs) {
  constexpr int kRows = 16, kPair = 2;
#if DNNL_VERSION_MAJOR >= 3
  const auto blocks = layout.get_inner_blks(), idxs = layout.get_inner_idxs(), strides = layout.get_strides(),
             padded = layout.get_padded_dims();
  const size_t count = blocks.size();
#else
  const auto& blocking = layout.data.format_desc.blocking;
  const auto &blocks = blocking.inner_blks, &idxs = blocking.inner_idxs, &strides = blocking.strides;
  const auto& padded = layout.data.padded_dims;
  const size_t count = layout.data.format_kind == dnnl_blocked ? static_cast<size_t>(blocking.inner_nblks) : 0;
#endif
  const size_t expected = in_pairs ? 3 : 2;
  if (count != expected || blocks[0] != kRows || idxs[0] != 0 || idxs[1] != 1 || blocks[1] > kMostPanelColumns)
    return {};
  if (in_pairs && (blocks[2] != kPair || idxs[2] != 0)) return {};
  const int64_t depth = padded[0], columns = blocks[1], block = kRows * columns * (in_pairs ? kPair : 1);
  if (strides[0] != block || strides[1] != depth * columns) return {};
  return {static_cast<int>(columns), static_cast<int>(depth)};
}

template <class Store>
struct OneDnnMatrix<Store>::Impl {
  int k = 0, n = 0;
  memory::desc blocked;
  PanelLayout panels;  // of `blocked`, where it consists of them
  memory packed;
  AlignedBuffer buffer;
  std::vector<Store> plain;  // (K,N) to be reordered, where it does not

  Store* data() const { return static_cast<Store*>(packed.get_data_handle()); }
  void reorder(const memory::desc& layout, const Store* from) {
    const OneOpenMpThread one;
    memory source(layout, cpu(), const_cast<Store*>(from));
    dnnl::reorder(source, packed).execute(stream(), source, packed);
  }
};

template <class Store>
void OneDnnMatrix<Store>::choose_layout(int k, int n) {
  constexpr int kTypicalRows = 32;
  if (impl_ == nullptr) impl_ = std::make_unique<Impl>();
  if (impl_->k == k && impl_->n == n) return;
  const OneOpenMpThread one;
  impl_->k = k;
  impl_->n = n;
  impl_->blocked =
      describe(dense<Store>(kTypicalRows, k), any<Store>(k, n), dense<float>(kTypicalRows, n), false).weights_desc();
  impl_->panels = panels_of(impl_->blocked, std::is_same_v<Store, BFloat16>);
  impl_->packed = memory(impl_->blocked, cpu(), impl_->buffer.make_room(impl_->blocked.get_size()));
  if (impl_->panels.columns > 0) return clear_padding(impl_->panels, k, n, impl_->data());
}

template <class Store>
void OneDnnMatrix<Store>::lay_out(int k, int n) {
  choose_layout(k, n);
  if (impl_->panels.columns == 0) impl_->plain.resize(static_cast<size_t>(k) * static_cast<size_t>(n));
}

template <class Store>
void OneDnnMatrix<Store>::pack(Transpose transpose, MatrixView<const Store> b) {
  const bool turned = transpose == Transpose::kYes;
  choose_layout(turned ? b.cols : b.rows, turned ? b.rows : b.cols);
  if (impl_->panels.columns > 0) return put_in_panels(impl_->panels, transpose, b, 0, 0, impl_->data());
  impl_->reorder(view_desc(transpose, b), b.data);
}

template <class Store>
void OneDnnMatrix<Store>::put(Transpose transpose, MatrixView<const float> part, int k, int n) {
  if (impl_->panels.columns > 0) return put_in_panels(impl_->panels, transpose, part, k, n, impl_->data());
  const bool turned = transpose == Transpose::kYes;
  const auto at = [&](int row, int col) {
    return static_cast<size_t>(row) * static_cast<size_t>(impl_->n) + static_cast<size_t>(col);
  };
  for (int row = 0; row < part.rows; ++row)
    for (int col = 0; col < part.cols; ++col)
      impl_->plain[turned ? at(k + col, n + row) : at(k + row, n + col)] =
          Store(part.data[static_cast<size_t>(row) * static_cast<size_t>(part.stride) + static_cast<size_t>(col)]);
}

template <class Store>
void OneDnnMatrix<Store>::finish() {
  if (impl_->panels.columns == 0) impl_->reorder(dense<Store>(impl_->k, impl_->n), impl_->plain.data());
}

template <class Store>
void OneDnnMatrix<Store>::multiply(MatrixView<const Store> a, float beta, MatrixView<float> dst) const {
  if (dst.rows == 0) return;
  const OneOpenMpThread one;
  assert(impl_ != nullptr && a.cols == impl_->k && dst.cols == impl_->n);
  // Over gaps between rows oneDNN knows only a product a thousand times slower.
  assert(a.stride == a.cols && dst.stride == dst.cols);
  const int most = std::is_same_v<Store, BFloat16> && impl_->k > kSimplyDeep ? kDeepRows : dst.rows;
  static Products<4> products;  // the packed layout follows from K and N
  for (int begin = 0; begin < dst.rows; begin += most) {
    const int rows = std::min(most, dst.rows - begin);
    Product& product = products.get({rows, impl_->k, impl_->n, beta != 0}, [&] {
      return describe(dense<Store>(rows, a.cols), impl_->blocked, dense<float>(rows, dst.cols), beta != 0);
    });
    product.run(a.data + static_cast<size_t>(begin) * static_cast<size_t>(a.cols), impl_->packed.get_data_handle(),
                dst.data + static_cast<size_t>(begin) * static_cast<size_t>(dst.cols));
  }
}

}  // namespace fude

#else

namespace fude {

bool onednn_available() { return false; }
bool onednn_has_bf16() { return false; }
std::string onednn_description() { return {}; }
bool onednn_products_are_independent() { return false; }

template <class Store>
void onednn_gemm(Transpose, Transpose, MatrixView<const Store>, MatrixView<const Store>, float, MatrixView<float>) {}

template <class Store>
struct OneDnnMatrix<Store>::Impl {};
template <class Store>
void OneDnnMatrix<Store>::pack(Transpose, MatrixView<const Store>) {}
template <class Store>
void OneDnnMatrix<Store>::lay_out(int, int) {}
template <class Store>
void OneDnnMatrix<Store>::put(Transpose, MatrixView<const float>, int, int) {}
template <class Store>
void OneDnnMatrix<Store>::finish() {}
template <class Store>
void OneDnnMatrix<Store>::multiply(MatrixView<const Store>, float, MatrixView<float>) const {}

}  // namespace fude

#endif

namespace fude {

template <class Store>
OneDnnMatrix<Store>::OneDnnMatrix() = default;
template <class Store>
OneDnnMatrix<Store>::~OneDnnMatrix() = default;

template void onednn_gemm(Transpose, Transpose, MatrixView<const float>, MatrixView<const float>, float,
                          MatrixView<float>);
template void onednn_gemm(Transpose, Transpose, MatrixView<const BFloat16>, MatrixView<const BFloat16>, float,
                          MatrixView<float>);
template class OneDnnMatrix<float>;
template class OneDnnMatrix<BFloat16>;

}  // namespace fude
