// Notices steps that went wrong, and when leaving them out is not enough and a run has to go back.
//
// A step is wrong whose loss or gradient is not finite, or whose loss is far above the recent one: that is no noise of
// healthy training but weights, or a text, that the network cannot cope with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fude/train/options.h"

namespace fude {

class SpikeGuard {
 public:
  // A run goes back when so many of its last so many steps were left out.
  static constexpr size_t kMostSkips = 10;
  static constexpr int64_t kWindow = 100;
  // What each return multiplies the learning rate by.
  static constexpr double kLowerRate = 0.5;
  // Without clipping, a gradient norm so many times the recent one is wrong, too.
  static constexpr double kGradientSpike = 100;

  // All there is to save.
  struct State {
    double recent_grad_norm = 0;  // exponential average; 0: no step yet
    std::vector<int64_t> skips;   // steps left out among the last kWindow
    int64_t skipped = 0;          // steps left out in all
    int rollbacks = 0;            // times that the run went back
  };

  explicit SpikeGuard(const TrainOptions& options)
      : loss_spike_(options.loss_spike), clipped_(options.grad_clip > 0), most_rollbacks_(options.rollbacks) {}

  // Off, it finds what is not finite and nothing else.
  bool is_on() const { return loss_spike_ > 0; }

  // What is wrong with a step of this loss (nats a token) and gradient norm, for people; empty: nothing.
  // `recent_loss`: 0 before the first step.
  std::string fault(double loss, double grad_norm, double recent_loss) const;
  // The same of a validation loss. `best`: infinite before the first evaluation, which is held against what was learned
  // lately.
  std::string fault_of_evaluation(double loss, double best, double recent_loss) const;

  void on_good_step(double grad_norm);
  // Hears that a step was left out; true when it is one too many.
  bool on_skip(int64_t step);
  bool has_skipped(int64_t step) const { return !state_.skips.empty() && state_.skips.back() == step; }
  // Hears that the run went back; false when it has done so as often as it may.
  bool on_rollback();

  // What the schedule's rate is multiplied by.
  double rate_share() const;

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  double loss_spike_;
  bool clipped_;
  int most_rollbacks_;
  State state_;
};

}  // namespace fude
