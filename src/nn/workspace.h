// Buffers of a network's forward and backward pass over a window. Reused from window to window; nothing in it outlives
// a pass but capacity, so a workspace may go with any state and any shape.
#pragma once

#include <vector>

#include "nn/recurrent_layer.h"

namespace fude {

template <class Real>
struct Workspace {
  std::vector<Real> embedded;                       // (T,B,E) what enters the first layer
  std::vector<RecurrentWorkspace<Real>> recurrent;  // one a layer
  std::vector<std::vector<Real>> outputs;           // one a layer: (T,B,H) before dropout
  std::vector<std::vector<Real>> dropped;           // one a layer: (T,B,H) after dropout, when there is any
  std::vector<Real> projected;                      // (T,B,E) when the tied output needs a projection
  std::vector<Real> logits;                         // (T,B,V); backward: their gradients
  std::vector<Real> log_norm;                       // (T,B) log Σ exp(logits)
  std::vector<Real> loss;                           // (T,B) -log p(target), 0 where none counts
  std::vector<Real> input_mask;                     // (T,B,E) or (B,E) when locked
  std::vector<std::vector<Real>> output_masks;      // one a layer: (T,B,H) or (B,H) when locked
  std::vector<Real> diff_upper, diff_lower;         // (T,B,H) gradients on their way down
  std::vector<Real> diff_projected, diff_embedded;  // (T,B,E)
  bool locked = false;
  double input_drop = 0;            // 0: no mask
  std::vector<double> output_drop;  // one a layer
};

}  // namespace fude
