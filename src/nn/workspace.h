// Buffers of a network's forward and backward pass over a window. Reused from window to window; nothing in it outlives
// a pass but capacity, so a workspace may go with any state and any shape.
#pragma once

#include <vector>

#include "nn/output_layer.h"
#include "nn/recurrent_layer.h"
#include "nn/weight_gradient.h"
#include "nn/window_symbols.h"

namespace fude {

// Store is what matrix products read: Real, or BFloat16 with float. It decides a pass's precision.
template <class Real, class Store = Real>
struct Workspace {
  WindowSymbols symbols;                                   // whose input products the first layer may look up
  std::vector<Real> symbol_products;                       // those: see ProductTable
  std::vector<Store> embedded;                             // (T,B,E) what enters the first layer; or a row a symbol
  std::vector<RecurrentWorkspace<Real, Store>> recurrent;  // one a layer
  std::vector<std::vector<Store>> dropped;                 // one a layer: (T,B,H) after dropout, when there is any
  OutputWorkspace<Real, Store> output;
  std::vector<Real> input_mask;                                 // (T,B,E) or (B,E) when locked
  std::vector<std::vector<Real>> output_masks;                  // one a layer: (T,B,H) or (B,H) when locked
  std::vector<Real> diff_upper, diff_lower;                     // (T,B,H) gradients on their way down
  std::vector<Real> diff_embedded;                              // (T,B,E) or a row a symbol
  std::vector<std::vector<SliceScratch<Real, Store>>> scratch;  // one a member of the team, one a slice

  TurnedRows<Store> turned;

  // The last step's logits (B,V), and with Logits::kAll all of them (T,B,V), after Network::forward.
  const Real* last_logits = nullptr;
  const Real* logits = nullptr;
};

}  // namespace fude
