#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fude {
namespace {

// A cut smaller than this is not made (the `eps` of ReduceLROnPlateau).
constexpr double kSmallestCut = 1e-8;
// A warm-up takes at most this part of a run.
constexpr int64_t kShortestRunInWarmups = 10;

}  // namespace

Schedule::Schedule(const ScheduleOptions& options, double lr, const SchedulePlan& plan)
    : options_(options), lr_(lr), plan_(plan) {
  options_.validate();
  plateau_.lr = lr;
}

double Schedule::rate(int64_t step, double time_fraction) const {
  int64_t warmup = options_.warmup_steps;
  if (plan_.total_steps > 0) warmup = std::min(warmup, plan_.total_steps / kShortestRunInWarmups);
  if (step < warmup) return lr_ * static_cast<double>(step + 1) / static_cast<double>(warmup);
  if (options_.kind == "plateau") return plateau_.lr;
  if (options_.kind == "step") {
    const int64_t size = options_.step_size > 0 ? options_.step_size : plan_.steps_per_epoch;
    return lr_ * std::pow(options_.factor, static_cast<double>(step / size));
  }
  if (options_.kind == "constant") return lr_;
  double progress = time_fraction;
  if (plan_.total_steps > warmup) {
    const double after_warmup = static_cast<double>(step - warmup) / static_cast<double>(plan_.total_steps - warmup);
    progress = std::max(progress, after_warmup);
  }
  progress = std::clamp(progress, 0.0, 1.0);
  const double left = options_.kind == "linear" ? 1 - progress : 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return lr_ * (options_.final_fraction + (1 - options_.final_fraction) * left);
}

void Schedule::on_evaluation(double loss) {
  if (loss < plateau_.best * (1 - options_.threshold)) {
    plateau_.best = loss;
    plateau_.bad = 0;
  } else {
    ++plateau_.bad;
  }
  if (plateau_.bad <= options_.patience) return;
  plateau_.bad = 0;
  const double lower = std::max(plateau_.lr * options_.factor, options_.min_lr);
  if (plateau_.lr - lower > kSmallestCut) plateau_.lr = lower;
}

}  // namespace fude
