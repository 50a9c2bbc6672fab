// How fast this machine trains: `fude bench`.
//
//   const double peak = fude::measure_product_peak(0.2);
//   const fude::Speed speed = fude::measure_training(fude::training_cases()[0], 0.5);
//   std::cout << speed.gflops / peak;   // the part of the machine that training uses
#pragma once

#include <string>
#include <vector>

#include "fude/model/speed.h"
#include "fude/nn/config.h"

namespace fude {

struct TrainingCase {
  std::string name;
  NetworkConfig network;
  int batch_size = 64;
  int steps = 128;                // of a window
  std::string precision = "f32";  // f32 | bf16 | auto, as in TrainOptions
};

// The sizes that Fude's figures are about: char-tiny, char-small, char-mid, char-large, word-ptb.
const std::vector<TrainingCase>& training_cases();

// Floating point operations that the model needs to learn from one token: those to read it, and twice as many backward.
// The optimizer counts as none.
double training_flops(const NetworkConfig& config);

// Whole updates on random tokens, drawn as a text's words by rank (Zipf's law), with softmax, clipping and AdamW, for
// about `seconds` of time after warming up: the median of one update. Uses the backend and threads set. ConfigError when the case is not possible.
Speed measure_training(const TrainingCase& which, double seconds);

// GFLOP/s of products with packed weights, all threads at once, each with rows of its own: what training could reach.
// The better of a cell's forward and backward shapes, measured for about `seconds`.
double measure_product_peak(double seconds);

}  // namespace fude
