// All parameters of a network in one flat buffer, and all gradients in another: optimizer, clipping and checkpoints
// each touch one array. Tensors are named views into it, with PyTorch's names, shapes and gate order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fude/nn/config.h"

namespace fude {

struct TensorInfo {
  std::string name;
  std::vector<int64_t> shape;
  size_t offset = 0;  // into the flat buffers, in elements
  size_t size = 0;
};

// The tensors of a network of this shape, in the order of the flat buffers. Allocates none of them.
std::vector<TensorInfo> parameter_layout(const NetworkConfig& config);
// The numbers in all of them.
size_t parameter_count(const NetworkConfig& config);

template <class Real>
class Parameters {
 public:
  // Lays out the tensors of `config`; all values zero.
  explicit Parameters(const NetworkConfig& config);

  const std::vector<TensorInfo>& tensors() const { return tensors_; }
  // nullptr when there is no such tensor.
  const TensorInfo* find(std::string_view name) const;

  // Whoever asks for values to write is taken to change them: version() is another afterwards.
  std::span<Real> values() {
    ++version_;
    return values_;
  }
  uint64_t version() const { return version_; }
  std::span<const Real> values() const { return values_; }
  // Made, as zeros, when somebody first asks for them to write: a network that only reads has none.
  void make_grads() {
    if (grads_.empty()) grads_.assign(values_.size(), Real{0});
  }
  // Whoever asks for gradients to write may write anywhere, so that embedding_rows() are no longer known: to read, ask
  // a const network.
  std::span<Real> grads() {
    make_grads();
    knows_embedding_rows_ = false;
    return grads_;
  }
  std::span<const Real> grads() const { return grads_; }

  // The gradient of encoder.weight (V,E), and the rows of it that may not be zero: who writes to others adds them.
  // Few of many symbols occur in a window.
  struct EmbeddingGrad {
    std::span<Real> values;
    std::vector<int32_t>& rows;
  };
  EmbeddingGrad embedding_grad();
  // Those rows; null when they may be any, as with tied weights.
  const std::vector<int32_t>* embedding_rows() const { return knows_embedding_rows_ ? &embedding_rows_ : nullptr; }

  // Views of one tensor; std::out_of_range when there is none of that name. After make_grads(), threads may ask at once
  // for gradients of all but encoder.weight.
  std::span<Real> value(std::string_view name);
  std::span<const Real> value(std::string_view name) const;
  std::span<Real> grad(std::string_view name);

 private:
  const TensorInfo& at(std::string_view name) const;

  std::vector<TensorInfo> tensors_;
  uint64_t version_ = 1;
  std::vector<Real> values_;
  std::vector<Real> grads_;
  bool knows_embedding_rows_ = false;
  std::vector<int32_t> embedding_rows_;
};

}  // namespace fude
