// One pass of a window through a network: what the network's parts do to it, in which order, by which threads.
#pragma once

#include "nn/network.h"
#include "nn/packed_weights.h"
#include "nn/workspace.h"

namespace fude {

template <class Real, class Store>
class Pass {
 public:
  // All of them must outlive the pass. `dropout`: null for none.
  Pass(const NetworkConfig& config, const Window& window, const Dropout* dropout, DropoutKey key,
       Workspace<Real, Store>& workspace);

  // Embedding and recurrent layers, from `state`, which is left as it is after step `carry`.
  void run_layers(const Parameters<Real>& parameters, const PackedWeights<Real, Store>& weights, int carry,
                  NetworkState<Real>& state);
  // What run_layers leaves for the output layer: (T,B,H).
  const Store* top() const { return layer_output(config_.num_layers - 1); }
  OutputShape output_shape() const { return {window_.steps, window_.batch_size}; }

  // After run_layers, with the gradient of top() in workspace.diff_upper: gradients of all but the output layer.
  // Tied weights have their gradient from there already: the embedding's is added.
  void run_layers_backward(const PackedWeights<Real, Store>& weights, Parameters<Real>& parameters);

 private:
  // Calls work(share, rows) on every thread that takes part: its share of each recurrent layer, and the rows whose
  // pointwise work is its own.
  template <class Work>
  void share(const PackedWeights<Real, Store>& weights, const Work& work);
  void prepare(const NetworkState<Real>& state);
  void embed(const Parameters<Real>& parameters, Range rows);
  void pack_gradient_rows();
  void weight_gradients(Parameters<Real>& parameters);
  void embedding_gradient(const PackedWeights<Real, Store>& weights, Parameters<Real>& parameters);
  bool looks_up(int layer) const { return layer == 0 && by_symbol_; }
  RecurrentShape layer_shape(int layer) const;
  // What a layer hands upwards: its output, after dropout when there is any.
  const Store* layer_output(int layer) const;
  double output_drop(int layer) const;
  size_t places() const { return static_cast<size_t>(window_.steps) * static_cast<size_t>(window_.batch_size); }
  size_t symbol_room() const { return WindowSymbols::most_rows(config_.vocab_size, places()); }
  size_t state_size() const {
    return static_cast<size_t>(window_.batch_size) * static_cast<size_t>(config_.hidden_size);
  }

  const NetworkConfig& config_;
  const Window& window_;
  Dropout dropout_;
  DropoutKey key_;
  Workspace<Real, Store>& workspace_;
  bool by_symbol_ = false;  // the first layer's input products are looked up: the window repeats its symbols
};

}  // namespace fude
