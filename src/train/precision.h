// What training computes matrix products in: f32, or bf16 with f32 weights, states and sums.
#pragma once

#include <string_view>
#include <variant>

#include "nn/network.h"
#include "nn/workspace.h"
#include "train/optimizer.h"

namespace fude {

// Buffers for passes in a resolved precision.
class PassBuffers {
 public:
  explicit PassBuffers(std::string_view precision) {
    if (precision == "bf16") workspace_.emplace<Workspace<float, BFloat16>>();
  }
  double forward_backward(Network<float>& network, const Window& window, NetworkState<float>& state,
                          const Learning<float>& learning) {
    return std::visit([&](auto& workspace) { return network.forward_backward(window, state, learning, workspace); },
                      workspace_);
  }
  // One update of the network's weights from its gradients times `grad_scale`, and their packing for the next pass.
  void update(Network<float>& network, Optimizer<float>& optimizer, double lr, double grad_scale) const;

 private:
  std::variant<Workspace<float>, Workspace<float, BFloat16>> workspace_;
};

}  // namespace fude
