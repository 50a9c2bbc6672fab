// Embedding → recurrent layers → (projection) → linear → softmax cross-entropy, forward and backward over a window.
//
// Real is float for work and double for the tests that hold every gradient against PyTorch and against differences.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "compute/bfloat16.h"
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

// Which logits a forward pass leaves in the workspace.
enum class Logits { kNone, kLast, kAll };

// The symbols among which a sampled softmax looks for its targets; views of the caller's.
struct Candidates {
  std::span<const int32_t> ids;       // ascending, every target of the window among them; empty: the full softmax
  std::span<const double> log_rates;  // log of the chance that a symbol is among them
};

// How a window is learned from.
template <class Real>
struct Learning {
  Real scale = 1;                    // gradients are those of scale · (sum of -log p)
  int carry = 0;                     // the step whose state is handed on; 0: the last one
  const Dropout* dropout = nullptr;  // null: none
  DropoutKey key{};                  // of its masks
  Candidates candidates{};           // of a sampled softmax
};

template <class Real, class Store>
struct Workspace;  // nn/workspace.h
template <class Real, class Store>
class PackedWeights;  // nn/packed_weights.h

template <class Real>
class Network {
 public:
  explicit Network(const NetworkConfig& config);
  ~Network();

  // PyTorch's ranges for what is not named: uniform ±1/√H; embedding normal, deviation 1 (1/√E when tied); decoder
  // bias 0; then `options`. Equal seeds give equal weights.
  void initialize(uint64_t seed, const Initialization& options = {});

  const NetworkConfig& config() const { return config_; }
  Parameters<Real>& parameters() { return parameters_; }
  const Parameters<Real>& parameters() const { return parameters_; }

  NetworkState<Real> make_state(int batch_size) const;

  // Says in which batches the network will be trained: few rows are multiplied otherwise, with other last bits, from
  // here on and whatever passes came before. Not while passes run.
  void expect_batches_of(int batch_size);

  // One step of B rows: ids (B), logits (B, V).
  void step(std::span<const int32_t> ids, NetworkState<Real>& state, std::span<Real> logits,
            Workspace<Real, Real>& workspace) const;

  // Runs a window from `state` and leaves in `state` what follows it, in `workspace` the logits asked for and each
  // target's loss (workspace.output.loss, T×B). Returns the sum over counted targets of -log p, in nats (0 without
  // targets). The workspace's Store is the precision of the products.
  template <class Store>
  double forward(const Window& window, NetworkState<Real>& state, Logits logits,
                 Workspace<Real, Store>& workspace) const;

  // The same in training, and then backward: leaves the gradients in parameters(), in place of those that were there.
  // `diff_start`, when given, receives the gradient with respect to the starting state. NaN and infinity pass through.
  template <class Store>
  double forward_backward(const Window& window, NetworkState<Real>& state, const Learning<Real>& learning,
                          Workspace<Real, Store>& workspace, NetworkState<Real>* diff_start = nullptr);

  // Calls change(begin, size) for runs of all parameters, each once, over the threads. What products in Store read is
  // packed run by run, right after the change: optimizer and packing are one pass over the weights.
  template <class Store>
  void update(const std::function<void(size_t begin, size_t size)>& change);

 private:
  template <class Store>
  PackedWeights<Real, Store>& packed() const;

  NetworkConfig config_;
  Parameters<Real> parameters_;
  std::unique_ptr<PackedWeights<Real, Real>> packed_;
  std::unique_ptr<PackedWeights<float, BFloat16>> rounded_;
};

}  // namespace fude
