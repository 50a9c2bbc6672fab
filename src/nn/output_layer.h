// From the top layer's output to the loss: (projection →) linear → softmax cross-entropy, over all places of a window.
//
// Unless they are asked for, logits are never held for more than kMostLogits numbers: places are taken in chunks of
// whole steps, forward and backward in one go.
#pragma once

#include <cstdint>
#include <vector>

#include "nn/packed_weights.h"
#include "nn/parameters.h"
#include "nn/recurrent_layer.h"
#include "nn/sampled_head.h"

namespace fude {

// Numbers in a chunk's logits: 32 MiB of floats.
constexpr int64_t kMostLogits = int64_t{1} << 23;

// Places of a chunk: whole steps, at least one.
int output_chunk(const NetworkConfig& config, int steps, int batch_size);

template <class Real, class Store>
struct OutputWorkspace {
  std::vector<Store> projected;                 // (T,B,E) with a projection
  std::vector<Real> product;                    // (T,B,E) likewise, before it is rounded
  std::vector<Real> logits;                     // (chunk,V), of training without bias
  std::vector<Store> diff_logits;               // (chunk,V) where Store is not Real; else they take the logits' place
  std::vector<Real> diff_product;               // (T,B,E) with a projection
  std::vector<Store> diff_projected;            // (T,B,E) likewise, rounded
  GradientRows<Real, Store> gradient_features;  // (chunk,F) what the decoder read, for its weights' gradient
  TurnedRows<Store> turned;
  SampledHead<Real, Store> sampled;  // with candidates
  std::vector<Real> loss;            // (T,B) -log p(target), 0 where none counts
};

struct OutputShape {
  int steps = 0, batch_size = 0;
  int places() const { return steps * batch_size; }
};

// top (T,B,H) → workspace.loss, when there are targets (T,B), and in workspace.logits the logits of the last chunk,
// with bias; returns how many steps that chunk has. `from_step`: what lies before is left out. `all`: one chunk.
template <class Real, class Store>
int output_forward(const NetworkConfig& config, const OutputShape& shape, int from_step, bool all, const Store* top,
                   const int32_t* targets, const PackedWeights<Real, Store>& weights,
                   const Parameters<Real>& parameters, OutputWorkspace<Real, Store>& workspace);

// The same with gradients, of `scale` · Σ loss: diff_top (T,B,H), and those of decoder (or, tied, encoder) and
// projection in `parameters`, in place of what was there. With candidates the loss is that of a sampled softmax.
template <class Real, class Store>
void output_forward_backward(const NetworkConfig& config, const OutputShape& shape, const Store* top,
                             const int32_t* targets, Real scale, const Candidates& candidates,
                             const PackedWeights<Real, Store>& weights, Parameters<Real>& parameters, Real* diff_top,
                             OutputWorkspace<Real, Store>& workspace);

}  // namespace fude
