#include "nn/parameters.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "nn/cell.h"

namespace fude {
namespace {

constexpr std::string_view kEmbedding = "encoder.weight";

}  // namespace

std::vector<TensorInfo> parameter_layout(const NetworkConfig& config) {
  config.validate();
  std::vector<TensorInfo> tensors;
  size_t offset = 0;
  const auto add = [&](std::string name, std::vector<int64_t> shape) {
    size_t size = 1;
    for (const int64_t extent : shape) size *= static_cast<size_t>(extent);
    tensors.push_back({std::move(name), std::move(shape), offset, size});
    offset += size;
  };
  const int64_t vocab = config.vocab_size, embed = config.embed_size, hidden = config.hidden_size;
  const int64_t gates = gate_count(config.cell) * hidden;
  add(std::string(kEmbedding), {vocab, embed});
  for (int layer = 0; layer < config.num_layers; ++layer) {
    const std::string suffix = "_l" + std::to_string(layer);
    add("rnn.weight_ih" + suffix, {gates, layer == 0 ? embed : hidden});
    add("rnn.weight_hh" + suffix, {gates, hidden});
    add("rnn.bias_ih" + suffix, {gates});
    add("rnn.bias_hh" + suffix, {gates});
  }
  if (config.has_projection()) add("fude.projection.weight", {embed, hidden});
  if (!config.tied) add("decoder.weight", {vocab, hidden});
  add("decoder.bias", {vocab});
  return tensors;
}

size_t parameter_count(const NetworkConfig& config) {
  const TensorInfo last = parameter_layout(config).back();
  return last.offset + last.size;
}

template <class Real>
Parameters<Real>::Parameters(const NetworkConfig& config)
    : tensors_(parameter_layout(config)), values_(parameter_count(config), Real{0}) {}

template <class Real>
const TensorInfo* Parameters<Real>::find(std::string_view name) const {
  const auto found = std::find_if(tensors_.begin(), tensors_.end(), [&](const auto& t) { return t.name == name; });
  return found == tensors_.end() ? nullptr : &*found;
}

template <class Real>
const TensorInfo& Parameters<Real>::at(std::string_view name) const {
  const TensorInfo* const tensor = find(name);
  if (tensor == nullptr) throw std::out_of_range("no tensor " + std::string(name));
  return *tensor;
}

template <class Real>
std::span<Real> Parameters<Real>::value(std::string_view name) {
  const TensorInfo& tensor = at(name);
  return values().subspan(tensor.offset, tensor.size);
}

template <class Real>
std::span<const Real> Parameters<Real>::value(std::string_view name) const {
  const TensorInfo& tensor = at(name);
  return values().subspan(tensor.offset, tensor.size);
}

template <class Real>
std::span<Real> Parameters<Real>::grad(std::string_view name) {
  const TensorInfo& tensor = at(name);
  make_grads();
  if (tensor.name == kEmbedding) knows_embedding_rows_ = false;
  return std::span<Real>(grads_).subspan(tensor.offset, tensor.size);
}

template <class Real>
auto Parameters<Real>::embedding_grad() -> EmbeddingGrad {
  const TensorInfo& tensor = at(kEmbedding);
  make_grads();
  if (!knows_embedding_rows_) {
    embedding_rows_.resize(static_cast<size_t>(tensor.shape[0]));
    std::iota(embedding_rows_.begin(), embedding_rows_.end(), 0);
    knows_embedding_rows_ = true;
  }
  return {std::span<Real>(grads_).subspan(tensor.offset, tensor.size), embedding_rows_};
}

template class Parameters<float>;
template class Parameters<double>;

}  // namespace fude
