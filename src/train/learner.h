// What an optimizer step changes: weights, optimizer, carried state, place in the data.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batcher.h"
#include "fude/model/language_model.h"
#include "fude/train/options.h"
#include "nn/network.h"
#include "train/candidate_sampler.h"
#include "train/checkpoint.h"
#include "train/optimizer.h"
#include "train/precision.h"

namespace fude {

class Learner {
 public:
  // `store` and `model` must outlive the learner; options.batch is fitted to the store, options.precision resolved.
  Learner(const TrainOptions& options, const TokenStore& store, LanguageModel& model);

  struct Step {
    double nats = 0;          // sum of -log p, with dropout
    int64_t predictions = 0;  // that were summed
    double grad_norm = 0;     // of the mean loss, before clipping
  };
  // A step is to look at a window, forward and backward, and then either to learn from it (clip, update) or to leave it
  // out: the weights stay, and as what is carried on from a window that went wrong may be wrong, the state is zeroed.
  Step look();
  void learn(const Step& step, double lr);
  void leave_out();
  // Looks and learns. NumericError when loss or gradient is not finite; the weights are then those before the step.
  Step step(double lr);

  int64_t steps() const { return optimizer_.steps(); }
  // Passes over the training part, with fraction.
  double epochs() const;
  const BatchCursor& cursor() const { return batcher_.cursor(); }

  // For a checkpoint: everything but the model, and step count and cursor, which restore() takes once the arrays are
  // filled.
  std::vector<NamedSpan> arrays();
  void restore(int64_t steps, const BatchCursor& cursor);

 private:
  // Marks the streams of the batch that begin its window from a zero state.
  void draw_resets();

  Network<float>* network_;
  Dropout dropout_;
  double grad_clip_;
  double state_reset_;
  uint64_t dropout_seed_;
  uint64_t reset_seed_;
  double longest_stream_;  // predictions
  Batcher batcher_;
  CandidateSampler candidates_;
  Optimizer<float> optimizer_;
  NetworkState<float> state_;
  PassBuffers buffers_;
  Batch batch_;
};

}  // namespace fude
