// What a network's passes take in memory, worked out from its shape.
#pragma once

#include <cstddef>

#include "fude/nn/config.h"

namespace fude {

struct PassShape {
  int steps = 0, batch_size = 0;
  bool training = false;
  bool rounded = false;  // products read bfloat16
  Dropout dropout;       // of training
};

// Bytes of a Workspace after a pass of this shape.
size_t workspace_bytes(const NetworkConfig& config, const PassShape& shape);
// Bytes of the weights as products read them, what PackedWeights keeps, and of what products need beside them.
size_t packed_bytes(const NetworkConfig& config, const PassShape& shape);

}  // namespace fude
