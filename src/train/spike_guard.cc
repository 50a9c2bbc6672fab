#include "train/spike_guard.h"

#include <cmath>
#include <cstdio>

#include "train/running_average.h"

namespace fude {
namespace {

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

}  // namespace

std::string SpikeGuard::fault(double loss, double grad_norm, double recent_loss) const {
  if (!std::isfinite(loss)) return "the loss is not a finite number";
  if (!std::isfinite(grad_norm)) return "the gradient is not a finite number";
  if (!is_on()) return {};
  if (recent_loss != 0 && loss > recent_loss + loss_spike_)
    return "the loss of " + shown(loss) + " is more than " + shown(loss_spike_) + " above the recent " +
           shown(recent_loss);
  const double recent = state_.recent_grad_norm;
  if (!clipped_ && recent > 0 && grad_norm > kGradientSpike * recent)
    return "the gradient norm of " + shown(grad_norm) + " is more than " + shown(kGradientSpike) +
           " times the recent " + shown(recent);
  return {};
}

std::string SpikeGuard::fault_of_evaluation(double loss, double best, double recent_loss) const {
  if (!std::isfinite(loss)) return "the validation loss is not a finite number";
  const bool is_first = !std::isfinite(best);
  const double usual = is_first ? recent_loss : best;
  if (!is_on() || usual == 0 || loss <= usual + loss_spike_) return {};
  return "the validation loss of " + shown(loss) + " is more than " + shown(loss_spike_) + " above the " +
         (is_first ? "recent training loss, " : "best, ") + shown(usual);
}

void SpikeGuard::on_good_step(double grad_norm) {
  state_.recent_grad_norm = running_average(state_.recent_grad_norm, grad_norm);
}

bool SpikeGuard::on_skip(int64_t step) {
  ++state_.skipped;
  std::erase_if(state_.skips, [step](int64_t earlier) { return earlier <= step - kWindow; });
  state_.skips.push_back(step);
  return state_.skips.size() >= kMostSkips;
}

bool SpikeGuard::on_rollback() {
  state_.skips.clear();
  if (state_.rollbacks >= most_rollbacks_) return false;
  ++state_.rollbacks;
  return true;
}

double SpikeGuard::rate_share() const { return std::pow(kLowerRate, state_.rollbacks); }

}  // namespace fude
