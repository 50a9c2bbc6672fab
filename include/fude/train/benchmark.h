// How fast this machine trains: `fude bench`.
//
//   const double peak = fude::measure_product_peak(0.2);
//   const fude::TrainingSpeed speed = fude::measure_training(fude::training_cases()[0], 0.5);
//   std::cout << speed.gflops / peak;   // the part of the machine that training uses
#pragma once

#include <string>
#include <vector>

#include "fude/nn/config.h"

namespace fude {

struct TrainingCase {
  std::string name;
  NetworkConfig network;
  int batch_size = 64;
  int steps = 128;  // of a window
};

// The sizes that Fude's figures are about: char-tiny, char-small, char-mid, char-large, word-ptb.
const std::vector<TrainingCase>& training_cases();

// Floating point operations that the model needs for one token, forward and backward: twice the multiplications of its
// matrix products forward, three times. The embedding, pointwise work and the optimizer count as none.
double training_flops(const NetworkConfig& config);

struct TrainingSpeed {
  double seconds = 0;            // of one update
  double tokens_per_second = 0;  // read and learned from
  double gflops = 0;             // 1e9 floating point operations a second, by training_flops
};

// Whole updates on random tokens, with softmax, clipping and AdamW, for about `seconds` of time after warming up: the
// median of one update. Uses the backend and threads set. ConfigError when the case is not possible.
TrainingSpeed measure_training(const TrainingCase& which, double seconds);

// GFLOP/s of products with packed weights, all threads at once, each with rows of its own: what training could reach.
// The better of a cell's forward and backward shapes, measured for about `seconds`.
double measure_product_peak(double seconds);

}  // namespace fude
