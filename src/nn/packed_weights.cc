#include "nn/packed_weights.h"

#include <string>

#include "base/parallel.h"

namespace fude {
namespace {

template <class Real>
MatrixView<const Real> matrix(const Parameters<Real>& parameters, const std::string& name) {
  const TensorInfo* const tensor = parameters.find(name);
  return {parameters.values().data() + tensor->offset, static_cast<int>(tensor->shape[0]),
          static_cast<int>(tensor->shape[1])};
}

}  // namespace

template <class Real>
void PackedWeights<Real>::refresh(const NetworkConfig& config, const Parameters<Real>& parameters, bool training) {
  const std::lock_guard lock(mutex_);
  const uint64_t version = parameters.version();
  const bool forward_is_old = forward_version_ != version;
  const bool backward_is_old = training && backward_version_ != version;
  if (!forward_is_old && !backward_is_old) return;

  layers.resize(static_cast<size_t>(config.num_layers));
  // A pair of tasks a layer, and one for the output.
  parallel_for(2 * config.num_layers + 1, [&](int task) {
    if (task == 2 * config.num_layers) {
      const MatrixView<const Real> weight = matrix(parameters, config.tied ? "encoder.weight" : "decoder.weight");
      if (forward_is_old) output.pack(Transpose::kYes, weight);
      if (backward_is_old) backward_output.pack(Transpose::kNo, weight);
      if (parameters.find("fude.projection.weight") == nullptr) return;
      const MatrixView<const Real> projecting = matrix(parameters, "fude.projection.weight");
      if (forward_is_old) projection.pack(Transpose::kYes, projecting);
      if (backward_is_old) backward_projection.pack(Transpose::kNo, projecting);
      return;
    }
    const std::string suffix = "_l" + std::to_string(task / 2);
    RecurrentWeights<Real>& layer = layers[static_cast<size_t>(task / 2)];
    if (task % 2 == 0) {
      const MatrixView<const Real> weight = matrix(parameters, "rnn.weight_ih" + suffix);
      if (forward_is_old) layer.forward_ih.pack(Transpose::kYes, weight);
      if (backward_is_old) layer.backward_ih.pack(Transpose::kNo, weight);
    } else {
      const MatrixView<const Real> weight = matrix(parameters, "rnn.weight_hh" + suffix);
      if (forward_is_old) layer.forward_hh.pack(Transpose::kYes, weight);
      if (backward_is_old) layer.backward_hh.pack(Transpose::kNo, weight);
      layer.bias_ih = parameters.value("rnn.bias_ih" + suffix).data();
      layer.bias_hh = parameters.value("rnn.bias_hh" + suffix).data();
    }
  });
  if (forward_is_old) forward_version_ = version;
  if (backward_is_old) backward_version_ = version;
}

template struct PackedWeights<float>;
template struct PackedWeights<double>;

}  // namespace fude
