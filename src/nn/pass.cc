#include "nn/pass.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/parallel.h"
#include "base/profile.h"
#include "compute/kernels/pointwise.h"
#include "fude/base/threads.h"
#include "nn/cell.h"
#include "nn/dropout_masks.h"
#include "nn/embedding.h"

namespace fude {
namespace {

ProfileTimer embedding_timer("embedding");
ProfileTimer dropout_timer("dropout");

// Rows of a thread where products have the same bits only if they always take the same rows together.
constexpr int kFixedRows = 32;

template <class Store>
bool are_independent(const NetworkConfig& config) {
  return products_are_independent<Store>(std::max(config.hidden_size, config.embed_size));
}

// How many parts a batch is divided into by rows.
template <class Store>
int part_count(const NetworkConfig& config, int batch_size) {
  const int most = std::max(1, batch_size / kLeastRows);
  if (are_independent<Store>(config)) return std::min(threads(), most);
  return std::clamp(parts_of(batch_size, kFixedRows), std::min(2, most), most);
}

template <class Real>
RecurrentGradients<Real> layer_gradients(Parameters<Real>& parameters, int layer) {
  const std::string suffix = "_l" + std::to_string(layer);
  return {parameters.grad("rnn.weight_ih" + suffix).data(), parameters.grad("rnn.weight_hh" + suffix).data(),
          parameters.grad("rnn.bias_ih" + suffix).data(), parameters.grad("rnn.bias_hh" + suffix).data()};
}

}  // namespace

template <class Real, class Store>
Pass<Real, Store>::Pass(const NetworkConfig& config, const Window& window, const Dropout* dropout, DropoutKey key,
                        Workspace<Real, Store>& workspace)
    : config_(config),
      window_(window),
      dropout_(dropout == nullptr ? Dropout{} : *dropout),
      key_(key),
      workspace_(workspace) {
  if (dropout_.input > 0) return;
  workspace_.symbols.find({window_.inputs, places()}, config_.vocab_size);
  by_symbol_ = static_cast<size_t>(workspace_.symbols.rows()) <= symbol_room();
}

template <class Real, class Store>
RecurrentShape Pass<Real, Store>::layer_shape(int layer) const {
  return {config_.cell, window_.steps, window_.batch_size, layer == 0 ? config_.embed_size : config_.hidden_size,
          config_.hidden_size};
}

template <class Real, class Store>
double Pass<Real, Store>::output_drop(int layer) const {
  return layer + 1 < config_.num_layers ? dropout_.layer : dropout_.output;
}

template <class Real, class Store>
const Store* Pass<Real, Store>::layer_output(int layer) const {
  const auto index = static_cast<size_t>(layer);
  return output_drop(layer) > 0 ? workspace_.dropped[index].data() : workspace_.recurrent[index].output(state_size());
}

template <class Real, class Store>
template <class Work>
void Pass<Real, Store>::share(const PackedWeights<Real, Store>& weights, const Work& work) {
  const int slices = static_cast<int>(weights.layers.front().slices.size());
  auto& scratch = workspace_.scratch;
  if (slices > 1) {
    if (scratch.size() < static_cast<size_t>(slices)) scratch.resize(static_cast<size_t>(slices));
    for (auto& one : scratch)
      if (one.size() < static_cast<size_t>(slices)) one.resize(static_cast<size_t>(slices));
    run_team(std::min(threads(), slices), [&](Team& team, int member) {
      const Range own = part_of(slices, team.size(), member);
      const RecurrentShare<Real, Store> share{
          team.size() > 1 ? &team : nullptr,           member, {0, window_.batch_size}, own,
          scratch[static_cast<size_t>(member)].data(), false};
      work(share, part_of(window_.batch_size, team.size(), member));
    });
    return;
  }
  const int parts = part_count<Store>(config_, window_.batch_size);
  const bool gathers = !are_independent<Store>(config_);
  if (scratch.size() < static_cast<size_t>(parts)) scratch.resize(static_cast<size_t>(parts));
  for (auto& one : scratch)
    if (one.empty()) one.resize(1);
  parallel_for(parts, [&](int part) {
    const Range rows = part_of(window_.batch_size, parts, part);
    work(RecurrentShare<Real, Store>{nullptr, 0, rows, {0, 1}, scratch[static_cast<size_t>(part)].data(), gathers},
         rows);
  });
}

template <class Real, class Store>
void Pass<Real, Store>::prepare(const NetworkState<Real>& state) {
  const auto layers = static_cast<size_t>(config_.num_layers), batch = static_cast<size_t>(window_.batch_size);
  const auto hidden = static_cast<size_t>(config_.hidden_size), embed = static_cast<size_t>(config_.embed_size);
  const size_t mask_rows = dropout_.locked ? batch : places();
  workspace_.recurrent.resize(layers);
  workspace_.dropped.resize(layers);
  workspace_.output_masks.resize(layers);
  const auto rows = by_symbol_ ? symbol_room() : places();
  ensure_size(workspace_.embedded, rows * embed);
  if (by_symbol_)
    ensure_size(workspace_.symbol_products, rows * static_cast<size_t>(gate_count(config_.cell)) * hidden);
  if (dropout_.input > 0) ensure_size(workspace_.input_mask, mask_rows * embed);
  for (size_t layer = 0; layer < layers; ++layer) {
    auto& recurrent = workspace_.recurrent[layer];
    recurrent.masked = dropout_.state > 0;
    if (recurrent.masked) ensure_size(recurrent.mask, batch * hidden);
    if (output_drop(static_cast<int>(layer)) > 0) {
      ensure_size(workspace_.output_masks[layer], mask_rows * hidden);
      ensure_size(workspace_.dropped[layer], places() * hidden);
    }
    recurrent_prepare(layer_shape(static_cast<int>(layer)),
                      state.c.empty() ? nullptr : state.c.data() + state_size() * layer, recurrent);
  }
}

template <class Real, class Store>
void Pass<Real, Store>::embed(const Parameters<Real>& parameters, Range rows) {
  if (by_symbol_) return;
  const ProfileScope scope(embedding_timer);
  const auto width = static_cast<size_t>(config_.embed_size), batch = static_cast<size_t>(window_.batch_size);
  const Real* const embedding = parameters.value("encoder.weight").data();
  for (size_t step = 0; step < static_cast<size_t>(window_.steps); ++step)
    for (int row = rows.begin; row < rows.end; ++row) {
      const size_t place = step * batch + static_cast<size_t>(row);
      convert(width, embedding + static_cast<size_t>(window_.inputs[place]) * width,
              workspace_.embedded.data() + place * width);
    }
  if (dropout_.input == 0) return;
  const DropoutMasks masks(window_, rows, dropout_.locked, config_.embed_size);
  masks.draw(dropout_.input, key_, kInputSite, workspace_.input_mask);
  masks.apply(workspace_.input_mask, workspace_.embedded.data(), workspace_.embedded.data());
}

template <class Real, class Store>
void Pass<Real, Store>::run_layers(const Parameters<Real>& parameters, const PackedWeights<Real, Store>& weights,
                                   int carry, NetworkState<Real>& state) {
  prepare(state);
  if (by_symbol_)
    make_symbol_products(layer_shape(0), weights.layers.front(), parameters.value("encoder.weight").data(), workspace_);
  const ProductTable<Real> symbol_table{workspace_.symbol_products.data(), workspace_.symbols.rows(),
                                        workspace_.symbols.index()};
  share(weights, [&](const RecurrentShare<Real, Store>& share, Range rows) {
    const auto wait = [&] {
      if (share.team != nullptr) share.team->wait();
    };
    embed(parameters, rows);
    for (int layer = 0; layer < config_.num_layers; ++layer) {
      auto& recurrent = workspace_.recurrent[static_cast<size_t>(layer)];
      if (recurrent.masked)
        DropoutMasks(window_, rows, true, config_.hidden_size)
            .draw(dropout_.state, key_, kStateSite + static_cast<uint64_t>(layer), recurrent.mask);
      wait();
      recurrent_forward(layer_shape(layer), share, weights.layers[static_cast<size_t>(layer)],
                        layer == 0 ? workspace_.embedded.data() : layer_output(layer - 1),
                        looks_up(layer) ? symbol_table : ProductTable<Real>{}, window_.reset, carry,
                        state.h.data() + state_size() * static_cast<size_t>(layer), recurrent);
      if (output_drop(layer) == 0) continue;
      const ProfileScope scope(dropout_timer);
      const DropoutMasks masks(window_, rows, dropout_.locked, config_.hidden_size);
      auto& mask = workspace_.output_masks[static_cast<size_t>(layer)];
      masks.draw(output_drop(layer), key_, kOutputSite + static_cast<uint64_t>(layer), mask);
      masks.apply(mask, recurrent.output(state_size()), workspace_.dropped[static_cast<size_t>(layer)].data());
    }
  });
  for (size_t layer = 0; layer < static_cast<size_t>(config_.num_layers); ++layer) {
    const auto& recurrent = workspace_.recurrent[layer];
    if (carry < window_.steps)
      std::copy_n(recurrent.carried.data(), state_size(), state.h.data() + state_size() * layer);
    if (!state.c.empty())
      std::copy_n(recurrent.c.data() + state_size() * static_cast<size_t>(carry), state_size(),
                  state.c.data() + state_size() * layer);
  }
}

template <class Real, class Store>
void Pass<Real, Store>::run_layers_backward(const PackedWeights<Real, Store>& weights, Parameters<Real>& parameters) {
  ensure_size(workspace_.diff_lower, places() * static_cast<size_t>(config_.hidden_size));
  ensure_size(workspace_.diff_embedded,
              (by_symbol_ ? symbol_room() : places()) * static_cast<size_t>(config_.embed_size));
  for (int layer = 0; layer < config_.num_layers; ++layer)
    recurrent_prepare_backward(layer_shape(layer), workspace_.recurrent[static_cast<size_t>(layer)]);

  share(weights, [&](const RecurrentShare<Real, Store>& share, Range rows) {
    const auto wait = [&] {
      if (share.team != nullptr) share.team->wait();
    };
    Real* diff = workspace_.diff_upper.data();
    Real* below = workspace_.diff_lower.data();
    for (int layer = config_.num_layers - 1; layer >= 0; --layer) {
      if (output_drop(layer) > 0) {
        const ProfileScope scope(dropout_timer);
        DropoutMasks(window_, rows, dropout_.locked, config_.hidden_size)
            .apply(workspace_.output_masks[static_cast<size_t>(layer)], diff, diff);
      }
      wait();
      Real* const diff_src = layer > 0 ? below : by_symbol_ ? nullptr : workspace_.diff_embedded.data();
      recurrent_backward(layer_shape(layer), share, weights.layers[static_cast<size_t>(layer)], window_.reset, diff,
                         diff_src, workspace_.recurrent[static_cast<size_t>(layer)]);
      wait();
      std::swap(diff, below);
    }
    if (dropout_.input > 0)
      DropoutMasks(window_, rows, dropout_.locked, config_.embed_size)
          .apply(workspace_.input_mask, workspace_.diff_embedded.data(), workspace_.diff_embedded.data());
  });
  weight_gradients(parameters);
  embedding_gradient(weights, parameters);
}

template <class Real, class Store>
void Pass<Real, Store>::pack_gradient_rows() {
  const int rows = static_cast<int>(places());
  for (int layer = 0; layer < config_.num_layers; ++layer) {
    auto& recurrent = workspace_.recurrent[static_cast<size_t>(layer)];
    recurrent.gradient_entering.set(recurrent.entering.data(), rows, config_.hidden_size);
    recurrent.gradient_src.set(layer == 0 ? workspace_.embedded.data() : layer_output(layer - 1),
                               looks_up(layer) ? workspace_.symbols.rows() : rows, layer_shape(layer).input_size);
  }
  const int parts = workspace_.recurrent.front().gradient_entering.parts();
  parallel_for(2 * config_.num_layers * parts, [&](int task) {
    const int layer = task / (2 * parts), part = task % parts;
    const bool entering = task / parts % 2 == 0;
    auto& recurrent = workspace_.recurrent[static_cast<size_t>(layer)];
    if (entering) return recurrent.gradient_entering.pack(part);
    if (part < recurrent.gradient_src.parts()) recurrent.gradient_src.pack(part);
  });
  workspace_.turned.make_room(rows, config_.hidden_size);
}

template <class Real, class Store>
void Pass<Real, Store>::weight_gradients(Parameters<Real>& parameters) {
  const int gates = gate_count(config_.cell);
  const int gate_tasks = parts_of(config_.hidden_size, kGradientOutputs), layer_tasks = gates * gate_tasks;
  if (by_symbol_)
    ensure_size(workspace_.recurrent.front().symbol_gates,
                symbol_room() * static_cast<size_t>(gates) * static_cast<size_t>(config_.hidden_size));
  pack_gradient_rows();
  // The upper layers first: the lowest one has the least to do, when it goes by symbol.
  parallel_for(config_.num_layers * layer_tasks, [&](int task) {
    const int layer = config_.num_layers - 1 - task / layer_tasks, gate = task % layer_tasks / gate_tasks;
    const Range units = part_in_tiles(config_.hidden_size, gate_tasks, task % gate_tasks);
    recurrent_weight_gradients(layer_shape(layer), gate, units, looks_up(layer) ? &workspace_.symbols : nullptr,
                               layer_gradients(parameters, layer), workspace_.recurrent[static_cast<size_t>(layer)],
                               workspace_.turned);
  });
}

template <class Real, class Store>
void Pass<Real, Store>::embedding_gradient(const PackedWeights<Real, Store>& weights, Parameters<Real>& parameters) {
  std::span<const int32_t> ids(window_.inputs, places());
  if (by_symbol_) {
    make_symbol_gradients(layer_shape(0), weights.layers.front(), workspace_);
    ids = workspace_.symbols.ids();
  }
  const Real* const diff = workspace_.diff_embedded.data();
  if (config_.tied)
    return add_embedding_gradients<Real>(ids, diff, config_.embed_size, {}, parameters.grad("encoder.weight"));
  const auto [grad, rows] = parameters.embedding_grad();
  add_embedding_gradients<Real>(ids, diff, config_.embed_size, rows, grad);
  rows.assign(ids.begin(), ids.end());
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

template class Pass<float, float>;
template class Pass<float, BFloat16>;
template class Pass<double, double>;

}  // namespace fude
