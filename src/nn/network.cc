#include "nn/network.h"

#include <algorithm>
#include <string>

#include "compute/gemm.h"
#include "compute/kernels/pointwise.h"
#include "compute/kernels/softmax.h"
#include "nn/cell.h"
#include "nn/recurrent_layer.h"
#include "nn/workspace.h"

namespace fude {
namespace {

// Where a dropout mask sits; the low bits of its random stream.
enum DropoutSite : uint64_t { kInputSite = 0, kOutputSite = 1, kStateSite = 16 };

uint64_t mask_stream(const DropoutKey& key, uint64_t site) { return key.step << 8 | site; }

template <class Real>
RecurrentWeights<Real> layer_weights(const Parameters<Real>& parameters, int layer) {
  const std::string suffix = "_l" + std::to_string(layer);
  return {parameters.value("rnn.weight_ih" + suffix).data(), parameters.value("rnn.weight_hh" + suffix).data(),
          parameters.value("rnn.bias_ih" + suffix).data(), parameters.value("rnn.bias_hh" + suffix).data()};
}

template <class Real>
RecurrentGradients<Real> layer_gradients(Parameters<Real>& parameters, int layer) {
  const std::string suffix = "_l" + std::to_string(layer);
  return {parameters.grad("rnn.weight_ih" + suffix).data(), parameters.grad("rnn.weight_hh" + suffix).data(),
          parameters.grad("rnn.bias_ih" + suffix).data(), parameters.grad("rnn.bias_hh" + suffix).data()};
}

RecurrentShape layer_shape(const NetworkConfig& config, const Window& window, int layer) {
  return {config.cell, window.steps, window.batch_size, layer == 0 ? config.embed_size : config.hidden_size,
          config.hidden_size};
}

// dst = src · mask for `rows` rows of `cols`; a locked mask has one row for each of the B rows of a step.
template <class Real>
void apply_mask(const std::vector<Real>& mask, bool locked, int steps, size_t step_size, const Real* src, Real* dst) {
  for (int step = 0; step < steps; ++step) {
    const size_t at = step_size * step;
    multiply(step_size, src + at, mask.data() + (locked ? 0 : at), dst + at);
  }
}

template <class Real>
void draw_mask(double drop, const DropoutKey& key, uint64_t site, size_t size, std::vector<Real>& mask) {
  ensure_size(mask, size);
  fill_dropout_mask(drop, key.seed, mask_stream(key, site), size, mask.data());
}

// Draws every mask that `dropout` asks for and notes in the workspace which there are.
template <class Real>
void draw_masks(const NetworkConfig& config, const Window& window, const Dropout* dropout, const DropoutKey& key,
                Workspace<Real>& workspace) {
  const int layers = config.num_layers;
  workspace.recurrent.resize(layers);
  workspace.outputs.resize(layers);
  workspace.dropped.resize(layers);
  workspace.output_masks.resize(layers);
  workspace.output_dropped.assign(layers, false);
  workspace.input_dropped = dropout != nullptr && dropout->input > 0;
  workspace.locked = dropout != nullptr && dropout->locked;
  for (auto& recurrent : workspace.recurrent) recurrent.masked = dropout != nullptr && dropout->state > 0;
  if (dropout == nullptr || !dropout->any()) return;

  const size_t batch = static_cast<size_t>(window.batch_size);
  const size_t mask_rows = dropout->locked ? batch : batch * window.steps;
  if (workspace.input_dropped)
    draw_mask(dropout->input, key, kInputSite, mask_rows * config.embed_size, workspace.input_mask);
  for (int layer = 0; layer < layers; ++layer) {
    const double drop = layer + 1 < layers ? dropout->layer : dropout->output;
    workspace.output_dropped[layer] = drop > 0;
    if (drop > 0)
      draw_mask(drop, key, kOutputSite + layer, mask_rows * config.hidden_size, workspace.output_masks[layer]);
    if (dropout->state > 0)
      draw_mask(dropout->state, key, kStateSite + layer, batch * config.hidden_size, workspace.recurrent[layer].mask);
  }
}

// What a layer hands upwards: its output, after dropout when there is any.
template <class Real>
const Real* layer_output(const Workspace<Real>& workspace, int layer) {
  return (workspace.output_dropped[layer] ? workspace.dropped : workspace.outputs)[layer].data();
}

}  // namespace

template <class Real>
void NetworkState<Real>::clear() {
  std::fill(h.begin(), h.end(), Real{0});
  std::fill(c.begin(), c.end(), Real{0});
}

template <class Real>
Network<Real>::Network(const NetworkConfig& config) : config_(config), parameters_(config) {}

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
void Network<Real>::step(std::span<const int32_t> ids, NetworkState<Real>& state, std::span<Real> logits,
                         Workspace<Real>& workspace) const {
  const Window window{1, static_cast<int>(ids.size()), ids.data(), nullptr, nullptr};
  forward(window, state, 1, nullptr, {}, workspace);
  std::copy_n(workspace.logits.data(), logits.size(), logits.data());
}

template <class Real>
double Network<Real>::forward(const Window& window, NetworkState<Real>& state, int carry, const Dropout* dropout,
                              DropoutKey key, Workspace<Real>& workspace) const {
  const int rows = window.steps * window.batch_size;
  const int embed = config_.embed_size, hidden = config_.hidden_size, vocab = config_.vocab_size;
  const size_t state_size = static_cast<size_t>(window.batch_size) * hidden;
  draw_masks(config_, window, dropout, key, workspace);

  ensure_size(workspace.embedded, static_cast<size_t>(rows) * embed);
  const Real* const table = parameters_.value("encoder.weight").data();
  for (int row = 0; row < rows; ++row)
    std::copy_n(table + static_cast<size_t>(window.inputs[row]) * embed, embed,
                workspace.embedded.data() + static_cast<size_t>(row) * embed);
  if (workspace.input_dropped)
    apply_mask(workspace.input_mask, workspace.locked, window.steps, static_cast<size_t>(window.batch_size) * embed,
               workspace.embedded.data(), workspace.embedded.data());

  const Real* src = workspace.embedded.data();
  for (int layer = 0; layer < config_.num_layers; ++layer) {
    auto& output = workspace.outputs[layer];
    ensure_size(output, static_cast<size_t>(rows) * hidden);
    Real* const h = state.h.data() + state_size * layer;
    Real* const c = state.c.empty() ? nullptr : state.c.data() + state_size * layer;
    auto& recurrent = workspace.recurrent[layer];
    recurrent_forward(layer_shape(config_, window, layer), layer_weights(parameters_, layer), src, window.reset, h, c,
                      output.data(), recurrent);
    std::copy_n(output.data() + state_size * (carry - 1), state_size, h);
    if (c != nullptr) std::copy_n(recurrent.c.data() + state_size * carry, state_size, c);
    if (workspace.output_dropped[layer]) {
      ensure_size(workspace.dropped[layer], static_cast<size_t>(rows) * hidden);
      apply_mask(workspace.output_masks[layer], workspace.locked, window.steps, state_size, output.data(),
                 workspace.dropped[layer].data());
    }
    src = layer_output(workspace, layer);
  }

  ensure_size(workspace.logits, static_cast<size_t>(rows) * vocab);
  const int features = config_.tied ? embed : hidden;
  if (config_.tied && embed != hidden) {
    ensure_size(workspace.projected, static_cast<size_t>(rows) * embed);
    gemm<Real>(Transpose::kNo, Transpose::kYes, {src, rows, hidden},
               {parameters_.value("fude.projection.weight").data(), embed, hidden}, 0,
               {workspace.projected.data(), rows, embed});
    src = workspace.projected.data();
  }
  const char* const output_weight = config_.tied ? "encoder.weight" : "decoder.weight";
  gemm<Real>(Transpose::kNo, Transpose::kYes, {src, rows, features},
             {parameters_.value(output_weight).data(), vocab, features}, 0, {workspace.logits.data(), rows, vocab});
  add_bias(rows, vocab, parameters_.value("decoder.bias").data(), workspace.logits.data());
  if (window.targets == nullptr) return 0;

  ensure_size(workspace.log_norm, static_cast<size_t>(rows));
  ensure_size(workspace.loss, static_cast<size_t>(rows));
  return softmax_loss(rows, vocab, workspace.logits.data(), window.targets, workspace.log_norm.data(),
                      workspace.loss.data());
}

template <class Real>
void Network<Real>::backward(const Window& window, Real scale, Workspace<Real>& workspace,
                             NetworkState<Real>* diff_start) {
  const int rows = window.steps * window.batch_size;
  const int embed = config_.embed_size, hidden = config_.hidden_size, vocab = config_.vocab_size;
  const size_t state_size = static_cast<size_t>(window.batch_size) * hidden;
  ensure_size(workspace.diff_a, static_cast<size_t>(rows) * std::max(embed, hidden));
  ensure_size(workspace.diff_b, static_cast<size_t>(rows) * std::max(embed, hidden));
  Real* diff = workspace.diff_a.data();
  Real* below = workspace.diff_b.data();

  // Output layer: logits become their gradients.
  softmax_loss_backward(rows, vocab, workspace.logits.data(), window.targets, workspace.log_norm.data(), scale);
  const bool projected = config_.tied && embed != hidden;
  const int features = config_.tied ? embed : hidden;
  const Real* const top = layer_output(workspace, config_.num_layers - 1);
  const Real* const src = projected ? workspace.projected.data() : top;
  const char* const output_weight = config_.tied ? "encoder.weight" : "decoder.weight";
  gemm<Real>(Transpose::kYes, Transpose::kNo, {workspace.logits.data(), rows, vocab}, {src, rows, features}, 1,
             {parameters_.grad(output_weight).data(), vocab, features});
  add_column_sums(rows, vocab, workspace.logits.data(), parameters_.grad("decoder.bias").data());
  gemm<Real>(Transpose::kNo, Transpose::kNo, {workspace.logits.data(), rows, vocab},
             {parameters_.value(output_weight).data(), vocab, features}, 0, {diff, rows, features});
  if (projected) {
    gemm<Real>(Transpose::kYes, Transpose::kNo, {diff, rows, embed}, {top, rows, hidden}, 1,
               {parameters_.grad("fude.projection.weight").data(), embed, hidden});
    gemm<Real>(Transpose::kNo, Transpose::kNo, {diff, rows, embed},
               {parameters_.value("fude.projection.weight").data(), embed, hidden}, 0, {below, rows, hidden});
    std::swap(diff, below);
  }

  if (diff_start != nullptr) *diff_start = make_state(window.batch_size);
  for (int layer = config_.num_layers - 1; layer >= 0; --layer) {
    auto& recurrent = workspace.recurrent[layer];
    if (workspace.output_dropped[layer])
      apply_mask(workspace.output_masks[layer], workspace.locked, window.steps, state_size, diff, diff);
    const Real* const layer_src = layer == 0 ? workspace.embedded.data() : layer_output(workspace, layer - 1);
    recurrent_backward(layer_shape(config_, window, layer), layer_weights(parameters_, layer), layer_src, window.reset,
                       workspace.outputs[layer].data(), diff, below, layer_gradients(parameters_, layer), recurrent);
    std::swap(diff, below);
    if (diff_start != nullptr) {
      std::copy_n(recurrent.diff_h.data(), state_size, diff_start->h.data() + state_size * layer);
      if (!diff_start->c.empty())
        std::copy_n(recurrent.diff_c.data(), state_size, diff_start->c.data() + state_size * layer);
    }
  }

  if (workspace.input_dropped)
    apply_mask(workspace.input_mask, workspace.locked, window.steps, static_cast<size_t>(window.batch_size) * embed,
               diff, diff);
  Real* const table = parameters_.grad("encoder.weight").data();
  for (int row = 0; row < rows; ++row) {
    Real* const line = table + static_cast<size_t>(window.inputs[row]) * embed;
    add(static_cast<size_t>(embed), line, diff + static_cast<size_t>(row) * embed, line);
  }
}

template struct NetworkState<float>;
template struct NetworkState<double>;
template class Network<float>;
template class Network<double>;

}  // namespace fude
