// What the speed of a network is told in.
//
//   fude::Speed speed = fude::measure_writing(config, /*streams=*/1, /*seconds=*/0.5);
//   assert(speed.gflops * 1e9 == speed.tokens_per_second * fude::forward_flops(config));   // but for rounding
#pragma once

#include "fude/nn/config.h"

namespace fude {

struct Speed {
  double seconds = 0;            // of one step: an update of the weights, or a token written in each text
  double tokens_per_second = 0;  // read or written, of all texts together
  double gflops = 0;             // 1e9 floating point operations a second that the model needs
};

// Floating point operations that the model needs to read one token: twice the multiplications of its matrix products.
// The embedding and pointwise work count as none.
double forward_flops(const NetworkConfig& config);

}  // namespace fude
