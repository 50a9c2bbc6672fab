// How a token stream is cut into training windows.
#pragma once

#include <cstdint>

namespace fude {

struct BatchOptions {
  int batch_size = 32;  // B: parallel streams
  // A text that gives an epoch fewer steps is read in fewer streams, down to 16: small texts are learned better by more
  // steps than by larger ones. 0: off.
  int least_steps = 60;
  int seq_length = 128;  // T: tokens a gradient flows back through
  // New tokens a window; 0: seq_length. Smaller: windows overlap (TBPTT(k1 = stride, k2 = seq_length); Williams & Peng
  // 1990): each prediction counts once, gradients reach back into the overlap.
  int stride = 0;
  // Draw each window's length: mean seq_length in 95 % and seq_length/2 in 5 % of windows, normal with deviation 5, at
  // least 5 (Merity et al. 2017, arXiv:1708.02182); at most seq_length + 20. Not together with stride.
  bool random_length = false;
  // Zero the carried state before the <eos> between two documents: each is then read as a text of its own is written.
  bool reset_at_documents = false;
  uint64_t seed = 1;  // of the random lengths

  // The most tokens that a window may have.
  int64_t longest_window() const { return int64_t{seq_length} + (random_length ? 20 : 0); }
  // Every problem at once as a ConfigError.
  void validate() const;
};

}  // namespace fude
