#include "nn/network.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/parallel.h"
#include "compute/gemm.h"
#include "compute/kernels/pointwise.h"
#include "compute/kernels/softmax.h"
#include "fude/base/threads.h"
#include "nn/cell.h"
#include "nn/packed_weights.h"
#include "nn/recurrent_layer.h"
#include "nn/workspace.h"

namespace fude {
namespace {

// Where a dropout mask sits; the low bits of its random stream.
enum DropoutSite : uint64_t { kInputSite = 0, kOutputSite = 1, kStateSite = 16 };

// A thread with fewer rows than these computes its products too slowly to be worth it.
constexpr int kLeastRows = 8;
// Rows of a thread where products have the same bits only if they always take the same rows together.
constexpr int kFixedRows = 32;
// Rows of a weight gradient that are one task.
constexpr int kTaskOutputs = 256;
constexpr int kTaskColumns = 16;

// How many parts a batch is divided into.
template <class Real>
int part_count(int batch_size) {
  const int most = std::max(1, batch_size / kLeastRows);
  if (std::is_same_v<Real, float> && rows_are_independent()) return std::min(threads(), most);
  return std::clamp((batch_size + kFixedRows - 1) / kFixedRows, std::min(2, most), most);
}

Rows part_of(int size, int parts, int part) { return {size * part / parts, size * (part + 1) / parts}; }

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

// Calls visit(begin, count) for each run of (T,B) places that belongs to the rows: one a step, or one for the window
// when they are all rows.
template <class Visit>
void for_each_run(const Window& window, Rows rows, const Visit& visit) {
  const auto batch = static_cast<size_t>(window.batch_size);
  if (rows.size() == window.batch_size) return visit(size_t{0}, batch * static_cast<size_t>(window.steps));
  for (size_t step = 0; step < static_cast<size_t>(window.steps); ++step)
    visit(step * batch + static_cast<size_t>(rows.begin), static_cast<size_t>(rows.size()));
}

// The same in runs of at most kProductRows places, whose products stay in the cache.
constexpr size_t kProductRows = 64;

template <class Visit>
void for_each_product(const Window& window, Rows rows, const Visit& visit) {
  for_each_run(window, rows, [&](size_t place, size_t count) {
    for (const size_t end = place + count; place < end; place += kProductRows)
      visit(place, static_cast<int>(std::min(kProductRows, end - place)));
  });
}

// Dropout masks of one site: (T,B,width), or (B,width) when locked.
template <class Real>
class Masks {
 public:
  Masks(const Window& window, Rows rows, bool locked, int width)
      : window_(window), rows_(rows), locked_(locked), width_(static_cast<size_t>(width)) {}

  void draw(double drop, const DropoutKey& key, uint64_t site, std::vector<Real>& mask) const {
    const auto fill = [&](size_t place, size_t count) {
      fill_dropout_mask(drop, key.seed, key.step << 8 | site, place * width_, count * width_,
                        mask.data() + place * width_);
    };
    if (locked_) return fill(static_cast<size_t>(rows_.begin), static_cast<size_t>(rows_.size()));
    for_each_run(window_, rows_, fill);
  }

  // dst = src · mask.
  void apply(const std::vector<Real>& mask, const Real* src, Real* dst) const {
    const auto batch = static_cast<size_t>(window_.batch_size);
    const auto begin = static_cast<size_t>(rows_.begin), count = static_cast<size_t>(rows_.size());
    for (size_t step = 0; step < static_cast<size_t>(window_.steps); ++step) {
      const size_t at = (step * batch + begin) * width_;
      multiply(count * width_, src + at, mask.data() + (locked_ ? begin * width_ : at), dst + at);
    }
  }

 private:
  const Window& window_;
  Rows rows_;
  bool locked_;
  size_t width_;
};

// Notes in the workspace which masks there are, and makes room for them.
template <class Real>
void prepare_masks(const NetworkConfig& config, const Window& window, const Dropout* dropout,
                   Workspace<Real>& workspace) {
  const auto layers = static_cast<size_t>(config.num_layers);
  workspace.recurrent.resize(layers);
  workspace.outputs.resize(layers);
  workspace.dropped.resize(layers);
  workspace.output_masks.resize(layers);
  workspace.output_drop.assign(layers, 0);
  workspace.input_drop = dropout != nullptr ? dropout->input : 0;
  workspace.locked = dropout != nullptr && dropout->locked;
  for (auto& recurrent : workspace.recurrent) recurrent.masked = dropout != nullptr && dropout->state > 0;
  if (dropout == nullptr) return;

  const auto batch = static_cast<size_t>(window.batch_size), hidden = static_cast<size_t>(config.hidden_size);
  const size_t mask_rows = dropout->locked ? batch : batch * static_cast<size_t>(window.steps);
  if (workspace.input_drop > 0) ensure_size(workspace.input_mask, mask_rows * static_cast<size_t>(config.embed_size));
  for (size_t layer = 0; layer < layers; ++layer) {
    const double drop = layer + 1 < layers ? dropout->layer : dropout->output;
    workspace.output_drop[layer] = drop;
    if (drop > 0) ensure_size(workspace.output_masks[layer], mask_rows * hidden);
    if (drop > 0) ensure_size(workspace.dropped[layer], batch * static_cast<size_t>(window.steps) * hidden);
    if (dropout->state > 0) ensure_size(workspace.recurrent[layer].mask, batch * hidden);
  }
}

// What a layer hands upwards: its output, after dropout when there is any.
template <class Real>
const Real* layer_output(const Workspace<Real>& workspace, int layer) {
  return (workspace.output_drop[layer] > 0 ? workspace.dropped : workspace.outputs)[layer].data();
}

}  // namespace

template <class Real>
void NetworkState<Real>::clear() {
  std::fill(h.begin(), h.end(), Real{0});
  std::fill(c.begin(), c.end(), Real{0});
}

template <class Real>
Network<Real>::Network(const NetworkConfig& config)
    : config_(config), parameters_(config), packed_(std::make_unique<PackedWeights<Real>>()) {}

template <class Real>
Network<Real>::~Network() = default;

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
  const auto places = static_cast<size_t>(window.steps) * static_cast<size_t>(window.batch_size);
  const size_t state_size = static_cast<size_t>(window.batch_size) * static_cast<size_t>(config_.hidden_size);
  packed_->refresh(config_, parameters_, false);
  prepare_masks(config_, window, dropout, workspace);
  ensure_size(workspace.embedded, places * static_cast<size_t>(config_.embed_size));
  for (int layer = 0; layer < config_.num_layers; ++layer) {
    ensure_size(workspace.outputs[layer], places * static_cast<size_t>(config_.hidden_size));
    recurrent_prepare(layer_shape(config_, window, layer), packed_->layers[layer], state.h.data() + state_size * layer,
                      state.c.empty() ? nullptr : state.c.data() + state_size * layer, workspace.recurrent[layer]);
  }
  if (has_projection()) ensure_size(workspace.projected, places * static_cast<size_t>(config_.embed_size));
  ensure_size(workspace.logits, places * static_cast<size_t>(config_.vocab_size));
  ensure_size(workspace.log_norm, places);
  ensure_size(workspace.loss, places);

  const int parts = part_count<Real>(window.batch_size);
  parallel_for(parts, [&](int part) {
    forward_rows(window, part_of(window.batch_size, parts, part), state, carry, dropout, key, workspace);
  });
  if (window.targets == nullptr) return 0;
  return std::accumulate(workspace.loss.begin(), workspace.loss.begin() + static_cast<std::ptrdiff_t>(places), 0.0);
}

template <class Real>
void Network<Real>::forward_rows(const Window& window, Rows rows, NetworkState<Real>& state, int carry,
                                 const Dropout* dropout, DropoutKey key, Workspace<Real>& workspace) const {
  const auto batch = static_cast<size_t>(window.batch_size), hidden = static_cast<size_t>(config_.hidden_size);
  const auto embed = static_cast<size_t>(config_.embed_size);
  const size_t first = static_cast<size_t>(rows.begin) * hidden, size = static_cast<size_t>(rows.size()) * hidden;

  const Real* const table = parameters_.value("encoder.weight").data();
  for_each_run(window, rows, [&](size_t place, size_t count) {
    for (const size_t end = place + count; place < end; ++place)
      std::copy_n(table + static_cast<size_t>(window.inputs[place]) * embed, embed,
                  workspace.embedded.data() + place * embed);
  });
  if (workspace.input_drop > 0) {
    const Masks<Real> masks(window, rows, workspace.locked, config_.embed_size);
    masks.draw(workspace.input_drop, key, kInputSite, workspace.input_mask);
    masks.apply(workspace.input_mask, workspace.embedded.data(), workspace.embedded.data());
  }

  const Real* src = workspace.embedded.data();
  const Masks<Real> masks(window, rows, workspace.locked, config_.hidden_size);
  for (int layer = 0; layer < config_.num_layers; ++layer) {
    auto& output = workspace.outputs[layer];
    auto& recurrent = workspace.recurrent[layer];
    if (recurrent.masked)
      Masks<Real>(window, rows, true, config_.hidden_size)
          .draw(dropout->state, key, kStateSite + layer, recurrent.mask);
    recurrent_forward(layer_shape(config_, window, layer), rows, packed_->layers[layer], src, window.reset,
                      output.data(), recurrent);
    const size_t state_at = layer * batch * hidden + first;
    std::copy_n(output.data() + (carry - 1) * batch * hidden + first, size, state.h.data() + state_at);
    if (!state.c.empty())
      std::copy_n(recurrent.c.data() + carry * batch * hidden + first, size, state.c.data() + state_at);
    if (workspace.output_drop[layer] > 0) {
      masks.draw(workspace.output_drop[layer], key, kOutputSite + layer, workspace.output_masks[layer]);
      masks.apply(workspace.output_masks[layer], output.data(), workspace.dropped[layer].data());
    }
    src = layer_output(workspace, layer);
  }

  const size_t vocab = static_cast<size_t>(config_.vocab_size), features = config_.tied ? embed : hidden;
  const Real* const bias = parameters_.value("decoder.bias").data();
  for_each_product(window, rows, [&](size_t place, int count) {
    const Real* top = src + place * hidden;
    if (has_projection()) {
      Real* const projected = workspace.projected.data() + place * embed;
      packed_->projection.multiply({top, count, config_.hidden_size}, 0, {projected, count, config_.embed_size});
      top = projected;
    }
    Real* const logits = workspace.logits.data() + place * vocab;
    packed_->output.multiply({top, count, static_cast<int>(features)}, 0, {logits, count, config_.vocab_size});
    add_bias(count, config_.vocab_size, bias, logits);
    if (window.targets != nullptr)
      softmax_loss(count, config_.vocab_size, logits, window.targets + place, workspace.log_norm.data() + place,
                   workspace.loss.data() + place);
  });
}

template <class Real>
void Network<Real>::backward(const Window& window, Real scale, Workspace<Real>& workspace,
                             NetworkState<Real>* diff_start) {
  const auto places = static_cast<size_t>(window.steps) * static_cast<size_t>(window.batch_size);
  const size_t state_size = static_cast<size_t>(window.batch_size) * static_cast<size_t>(config_.hidden_size);
  packed_->refresh(config_, parameters_, true);
  ensure_size(workspace.diff_upper, places * static_cast<size_t>(config_.hidden_size));
  ensure_size(workspace.diff_lower, places * static_cast<size_t>(config_.hidden_size));
  ensure_size(workspace.diff_embedded, places * static_cast<size_t>(config_.embed_size));
  if (has_projection()) ensure_size(workspace.diff_projected, places * static_cast<size_t>(config_.embed_size));
  for (int layer = 0; layer < config_.num_layers; ++layer)
    recurrent_prepare_backward(layer_shape(config_, window, layer), workspace.recurrent[layer]);

  const int parts = part_count<Real>(window.batch_size);
  parallel_for(parts,
               [&](int part) { backward_rows(window, part_of(window.batch_size, parts, part), scale, workspace); });
  add_weight_gradients(window, workspace);

  if (diff_start == nullptr) return;
  *diff_start = make_state(window.batch_size);
  for (int layer = 0; layer < config_.num_layers; ++layer) {
    const auto& recurrent = workspace.recurrent[layer];
    std::copy_n(recurrent.diff_h.data(), state_size, diff_start->h.data() + state_size * layer);
    if (!diff_start->c.empty())
      std::copy_n(recurrent.diff_c.data(), state_size, diff_start->c.data() + state_size * layer);
  }
}

template <class Real>
void Network<Real>::backward_rows(const Window& window, Rows rows, Real scale, Workspace<Real>& workspace) {
  const auto embed = static_cast<size_t>(config_.embed_size), hidden = static_cast<size_t>(config_.hidden_size);
  const auto vocab = static_cast<size_t>(config_.vocab_size);
  Real* diff = workspace.diff_upper.data();
  Real* below = workspace.diff_lower.data();

  // Output layer: logits become their gradients.
  for_each_product(window, rows, [&](size_t place, int count) {
    Real* const logits = workspace.logits.data() + place * vocab;
    softmax_loss_backward(count, config_.vocab_size, logits, window.targets + place, workspace.log_norm.data() + place,
                          scale);
    Real* const top = diff + place * hidden;
    const MatrixView<const Real> diff_logits(logits, count, config_.vocab_size);
    if (has_projection()) {
      Real* const projected = workspace.diff_projected.data() + place * embed;
      packed_->backward_output.multiply(diff_logits, 0, {projected, count, config_.embed_size});
      packed_->backward_projection.multiply({projected, count, config_.embed_size}, 0,
                                            {top, count, config_.hidden_size});
    } else {
      packed_->backward_output.multiply(diff_logits, 0, {top, count, config_.hidden_size});
    }
  });

  for (int layer = config_.num_layers - 1; layer >= 0; --layer) {
    if (workspace.output_drop[layer] > 0)
      Masks<Real>(window, rows, workspace.locked, config_.hidden_size).apply(workspace.output_masks[layer], diff, diff);
    recurrent_backward(layer_shape(config_, window, layer), rows, packed_->layers[layer], window.reset,
                       workspace.outputs[layer].data(), diff, layer == 0 ? workspace.diff_embedded.data() : below,
                       workspace.recurrent[layer]);
    std::swap(diff, below);
  }
  if (workspace.input_drop > 0)
    Masks<Real>(window, rows, workspace.locked, config_.embed_size)
        .apply(workspace.input_mask, workspace.diff_embedded.data(), workspace.diff_embedded.data());
}

// Sums over all rows, divided by outputs: tasks are the same for any number of threads, and so is every sum's order.
template <class Real>
void Network<Real>::add_weight_gradients(const Window& window, Workspace<Real>& workspace) {
  const int places = window.steps * window.batch_size, vocab = config_.vocab_size, embed = config_.embed_size;
  const int width = gate_count(config_.cell) * config_.hidden_size;
  const int layer_tasks = (width + kTaskOutputs - 1) / kTaskOutputs;
  const int output_tasks = (vocab + kTaskOutputs - 1) / kTaskOutputs;
  const int embedding_tasks = (embed + kTaskColumns - 1) / kTaskColumns;
  const Real* const top = layer_output(workspace, config_.num_layers - 1);

  // With tied weights output and embedding add to the same gradient: the embedding waits for the output.
  const int before_embedding = config_.num_layers * layer_tasks + output_tasks + (has_projection() ? 1 : 0);
  parallel_for(before_embedding, [&](int task) {
    if (task < config_.num_layers * layer_tasks) {
      const int layer = task / layer_tasks;
      const Real* const src = layer == 0 ? workspace.embedded.data() : layer_output(workspace, layer - 1);
      recurrent_weight_gradients(layer_shape(config_, window, layer), part_of(width, layer_tasks, task % layer_tasks),
                                 src, layer_gradients(parameters_, layer), workspace.recurrent[layer]);
      return;
    }
    task -= config_.num_layers * layer_tasks;
    if (task == output_tasks) {
      gemm<Real>(Transpose::kYes, Transpose::kNo, {workspace.diff_projected.data(), places, embed},
                 {top, places, config_.hidden_size}, 1,
                 {parameters_.grad("fude.projection.weight").data(), embed, config_.hidden_size});
      return;
    }
    const Rows outputs = part_of(vocab, output_tasks, task);
    const int features = config_.tied ? embed : config_.hidden_size;
    const MatrixView<const Real> diff(workspace.logits.data() + outputs.begin, places, outputs.size(), vocab);
    Real* const grad = parameters_.grad(config_.tied ? "encoder.weight" : "decoder.weight").data();
    gemm<Real>(Transpose::kYes, Transpose::kNo, diff,
               {has_projection() ? workspace.projected.data() : top, places, features}, 1,
               {grad + static_cast<size_t>(outputs.begin) * features, outputs.size(), features});
    add_column_sums(diff, parameters_.grad("decoder.bias").data() + outputs.begin);
  });
  parallel_for(embedding_tasks, [&](int task) {
    const Rows columns = part_of(embed, embedding_tasks, task);
    Real* const grad = parameters_.grad("encoder.weight").data() + columns.begin;
    const Real* diff = workspace.diff_embedded.data() + columns.begin;
    for (int place = 0; place < places; ++place, diff += embed) {
      Real* const row = grad + static_cast<size_t>(window.inputs[place]) * embed;
      add(static_cast<size_t>(columns.size()), row, diff, row);
    }
  });
}

template struct NetworkState<float>;
template struct NetworkState<double>;
template class Network<float>;
template class Network<double>;

}  // namespace fude
