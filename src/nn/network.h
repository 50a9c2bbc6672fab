// Embedding → recurrent layers → (projection) → linear → softmax cross-entropy, forward and backward over a window.
//
// Real is float for work and double for the tests that hold every gradient against PyTorch and against differences.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fude/nn/config.h"
#include "nn/parameters.h"

namespace fude {

// The recurrent state of B rows: h and (LSTM) c, each (L, B, H) row-major. A plain value.
template <class Real>
struct NetworkState {
  int batch_size = 0;
  std::vector<Real> h;
  std::vector<Real> c;

  void clear();  // all zero
};

// A window as the network sees it: pointers to (T, B) time-major arrays.
struct Window {
  int steps = 0;
  int batch_size = 0;
  const int32_t* inputs = nullptr;
  const int32_t* targets = nullptr;  // -1: not counted; may be null when only logits are wanted
  const uint8_t* reset = nullptr;    // 1: state zeroed before the step; null: never
};

// Randomness of one window's dropout masks; with equal values the masks are equal.
struct DropoutKey {
  uint64_t seed = 0;
  uint64_t step = 0;
};

template <class Real>
struct Workspace;  // nn/workspace.h
template <class Real>
struct PackedWeights;  // nn/packed_weights.h
struct Rows;           // nn/recurrent_layer.h

template <class Real>
class Network {
 public:
  explicit Network(const NetworkConfig& config);
  ~Network();

  // PyTorch's ranges for what is not named: uniform ±1/√H; embedding normal, deviation 0.1 (1/√E when tied); decoder
  // bias 0; then `options`. Equal seeds give equal weights.
  void initialize(uint64_t seed, const Initialization& options = {});

  const NetworkConfig& config() const { return config_; }
  Parameters<Real>& parameters() { return parameters_; }
  const Parameters<Real>& parameters() const { return parameters_; }

  NetworkState<Real> make_state(int batch_size) const;

  // One step of B rows: ids (B), logits (B, V).
  void step(std::span<const int32_t> ids, NetworkState<Real>& state, std::span<Real> logits,
            Workspace<Real>& workspace) const;

  // Runs a window from `state` and leaves in `state` what follows step `carry` (1..steps). Returns the sum over counted
  // targets of -log p, in nats (0 without targets). With `dropout` the masks are drawn from `key`; nullptr: none, to
  // evaluate. `workspace` keeps what backward needs, and `logits` (T,B,V), `log_norm` and `loss` (T,B).
  double forward(const Window& window, NetworkState<Real>& state, int carry, const Dropout* dropout, DropoutKey key,
                 Workspace<Real>& workspace) const;

  // Adds to the parameters' gradients those of `scale` · (sum of -log p) of the window just run forward.
  // `diff_start`, when given, receives the gradient with respect to the starting state.
  void backward(const Window& window, Real scale, Workspace<Real>& workspace, NetworkState<Real>* diff_start = nullptr);

 private:
  // With tied weights of another size than the hidden one there is a product between.
  bool has_projection() const { return config_.tied && config_.embed_size != config_.hidden_size; }
  // The whole pass for some rows of the batch.
  void forward_rows(const Window& window, Rows rows, NetworkState<Real>& state, int carry, const Dropout* dropout,
                    DropoutKey key, Workspace<Real>& workspace) const;
  void backward_rows(const Window& window, Rows rows, Real scale, Workspace<Real>& workspace);
  void add_weight_gradients(const Window& window, Workspace<Real>& workspace);

  NetworkConfig config_;
  Parameters<Real> parameters_;
  std::unique_ptr<PackedWeights<Real>> packed_;
};

}  // namespace fude
