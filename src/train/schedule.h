// The learning rate of each step: constant, linear, cosine, step or plateau, after an optional warm-up.
#pragma once

#include <cstdint>
#include <limits>

#include "fude/train/options.h"

namespace fude {

// How long a run is going to be, as far as it is known.
struct SchedulePlan {
  int64_t total_steps = 0;  // 0: not known
  int64_t steps_per_epoch = 1;
};

class Schedule {
 public:
  // What plateau has seen: all there is to save.
  struct Plateau {
    double lr = 0;  // the rate in force
    double best = std::numeric_limits<double>::infinity();
    int bad = 0;  // evaluations without gain in a row
  };

  // `lr`: the peak.
  Schedule(const ScheduleOptions& options, double lr, const SchedulePlan& plan);

  // The rate of a step (the first is 0). linear and cosine are as far along as steps after the warm-up or
  // `time_fraction` (share of the allowed time that has passed; 0 when time is not limited) say, whichever is further.
  double rate(int64_t step, double time_fraction) const;

  // plateau: hears the loss of each evaluation.
  void on_evaluation(double loss);

  const Plateau& plateau() const { return plateau_; }
  void set_plateau(const Plateau& plateau) { plateau_ = plateau; }

 private:
  ScheduleOptions options_;
  double lr_;
  SchedulePlan plan_;
  Plateau plateau_;
};

}  // namespace fude
