#include "nn/network.h"

#include <algorithm>
#include <numeric>

#include "nn/cell.h"
#include "nn/output_layer.h"
#include "nn/packed_weights.h"
#include "nn/pass.h"
#include "nn/workspace.h"

namespace fude {
namespace {

template <class Real, class Store>
double sum_of_losses(const OutputWorkspace<Real, Store>& workspace, const OutputShape& shape) {
  const auto begin = workspace.loss.begin();
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(shape.places()), 0.0);
}

}  // namespace

template <class Real>
void NetworkState<Real>::clear() {
  std::fill(h.begin(), h.end(), Real{0});
  std::fill(c.begin(), c.end(), Real{0});
}

template <class Real>
Network<Real>::Network(const NetworkConfig& config)
    : config_(config),
      parameters_(config),
      packed_(std::make_unique<PackedWeights<Real, Real>>()),
      rounded_(std::make_unique<PackedWeights<float, BFloat16>>()) {}

template <class Real>
Network<Real>::~Network() = default;

template <class Real>
template <class Store>
PackedWeights<Real, Store>& Network<Real>::packed() const {
  if constexpr (kIsRounded<Store, Real>) {
    return *rounded_;
  } else {
    return *packed_;
  }
}

template <class Real>
NetworkState<Real> Network<Real>::make_state(int batch_size) const {
  const size_t size = static_cast<size_t>(config_.num_layers) * batch_size * config_.hidden_size;
  NetworkState<Real> state;
  state.batch_size = batch_size;
  state.h.assign(size, Real{0});
  state.c.assign(has_cell_state(config_.cell) ? size : 0, Real{0});
  return state;
}

template <class Real>
void Network<Real>::expect_batches_of(int batch_size) {
  packed_->expect(batch_size <= kMostFewRows ? Rows::kFew : Rows::kMany);
}

template <class Real>
void Network<Real>::step(std::span<const int32_t> ids, NetworkState<Real>& state, std::span<Real> logits,
                         Workspace<Real, Real>& workspace) const {
  const Window window{1, static_cast<int>(ids.size()), ids.data(), nullptr, nullptr};
  forward(window, state, Logits::kLast, workspace);
  std::copy_n(workspace.last_logits, logits.size(), logits.data());
}

template <class Real>
template <class Store>
double Network<Real>::forward(const Window& window, NetworkState<Real>& state, Logits logits,
                              Workspace<Real, Store>& workspace) const {
  PackedWeights<Real, Store>& weights = packed<Store>();
  Pass<Real, Store> pass(config_, window, nullptr, {}, workspace);
  weights.refresh(config_, parameters_, {.training = false, .batch_size = window.batch_size});
  pass.run_layers(parameters_, weights, window.steps, state);

  // Without targets only the logits asked for are worth computing.
  const bool losses = window.targets != nullptr;
  if (!losses && logits == Logits::kNone) return 0;
  const int from_step = losses || logits == Logits::kAll ? 0 : window.steps - 1;
  const OutputShape shape = pass.output_shape();
  const int chunk = output_forward(config_, shape, from_step, logits == Logits::kAll, pass.top(), window.targets,
                                   weights, parameters_, workspace.output);
  const size_t step_size = static_cast<size_t>(window.batch_size) * static_cast<size_t>(config_.vocab_size);
  workspace.logits = logits == Logits::kAll ? workspace.output.logits.data() : nullptr;
  workspace.last_logits = workspace.output.logits.data() + static_cast<size_t>(chunk - 1) * step_size;
  if (!losses) return 0;
  return sum_of_losses(workspace.output, shape);
}

template <class Real>
template <class Store>
double Network<Real>::forward_backward(const Window& window, NetworkState<Real>& state, const Learning<Real>& learning,
                                       Workspace<Real, Store>& workspace, NetworkState<Real>* diff_start) {
  PackedWeights<Real, Store>& weights = packed<Store>();
  Pass<Real, Store> pass(config_, window, learning.dropout, learning.key, workspace);
  const Parameters<Real>& parameters = parameters_;
  parameters_.make_grads();  // made before threads write to parts of them
  weights.refresh(config_, parameters,
                  {.training = true, .output = learning.candidates.ids.empty(), .batch_size = window.batch_size});
  pass.run_layers(parameters, weights, learning.carry == 0 ? window.steps : learning.carry, state);
  const OutputShape shape = pass.output_shape();
  ensure_size(workspace.diff_upper, static_cast<size_t>(shape.places()) * static_cast<size_t>(config_.hidden_size));
  output_forward_backward(config_, shape, pass.top(), window.targets, learning.scale, learning.candidates, weights,
                          parameters_, workspace.diff_upper.data(), workspace.output);
  pass.run_layers_backward(weights, parameters_);

  if (diff_start != nullptr) {
    *diff_start = make_state(window.batch_size);
    const size_t size = static_cast<size_t>(window.batch_size) * static_cast<size_t>(config_.hidden_size);
    for (size_t layer = 0; layer < static_cast<size_t>(config_.num_layers); ++layer) {
      const auto& recurrent = workspace.recurrent[layer];
      std::copy_n(recurrent.diff_h.data(), size, diff_start->h.data() + size * layer);
      if (!diff_start->c.empty()) std::copy_n(recurrent.diff_c.data(), size, diff_start->c.data() + size * layer);
    }
  }
  return sum_of_losses(workspace.output, shape);
}

template <class Real>
template <class Store>
void Network<Real>::update(const std::function<void(size_t begin, size_t size)>& change) {
  packed<Store>().change(parameters_, change);
}

#define FUDE_INSTANTIATE(Real, Store)                                                                                \
  template double Network<Real>::forward(const Window&, NetworkState<Real>&, Logits, Workspace<Real, Store>&) const; \
  template double Network<Real>::forward_backward(const Window&, NetworkState<Real>&, const Learning<Real>&,         \
                                                  Workspace<Real, Store>&, NetworkState<Real>*);                     \
  template void Network<Real>::update<Store>(const std::function<void(size_t, size_t)>&)
template struct NetworkState<float>;
template struct NetworkState<double>;
template class Network<float>;
template class Network<double>;
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
