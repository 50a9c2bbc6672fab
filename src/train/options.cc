#include "fude/train/options.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/problems.h"

namespace fude {
namespace {

// More passes than anyone waits for; keeps step counts far from overflow.
constexpr double kMostEpochs = 1e9;

template <size_t N>
bool one_of(const std::string& value, const std::array<const char*, N>& names) {
  return std::find(names.begin(), names.end(), value) != names.end();
}

// Comparisons are false for NaN, so that it is out of every range.
bool at_least(double value, double low) { return value >= low && std::isfinite(value); }
bool within(double value, double low, double high) { return value >= low && value <= high; }

}  // namespace

void OptimizerOptions::validate() const {
  Problems problems;
  problems.unless(one_of(kind, std::array{"adamw", "adam", "sgd", "rmsprop"}),
                  "optimizer must be adamw, adam, sgd or rmsprop, got \"" + kind + "\"");
  problems.unless(at_least(lr, 0), "lr must be 0 or more" + got(lr));
  problems.unless(within(momentum, 0, 1) && momentum < 1, "momentum must be in [0, 1)" + got(momentum));
  problems.unless(within(beta1, 0, 1) && beta1 < 1, "beta1 must be in [0, 1)" + got(beta1));
  problems.unless(within(beta2, 0, 1) && beta2 < 1, "beta2 must be in [0, 1)" + got(beta2));
  problems.unless(within(alpha, 0, 1), "alpha must be in [0, 1]" + got(alpha));
  problems.unless(at_least(eps, 0), "eps must be 0 or more" + got(eps));
  problems.unless(at_least(weight_decay, 0), "weight_decay must be 0 or more" + got(weight_decay));
  problems.raise();
}

void ScheduleOptions::validate() const {
  Problems problems;
  problems.unless(one_of(kind, std::array{"constant", "linear", "cosine", "step", "plateau"}),
                  "lr-schedule must be constant, linear, cosine, step or plateau, got \"" + kind + "\"");
  problems.unless(warmup_steps >= 0, "warmup must be 0 or more steps, got " + std::to_string(warmup_steps));
  problems.unless(within(final_fraction, 0, 1),
                  "the schedule's final fraction must be in [0, 1]" + got(final_fraction));
  problems.unless(step_size >= 0, "the schedule's step size must be 0 or more, got " + std::to_string(step_size));
  problems.unless(within(factor, 0, 1) && factor > 0, "the schedule's factor must be in (0, 1]" + got(factor));
  problems.unless(patience >= 0, "the schedule's patience must be 0 or more, got " + std::to_string(patience));
  problems.unless(at_least(threshold, 0), "the schedule's threshold must be 0 or more" + got(threshold));
  problems.unless(at_least(min_lr, 0), "the schedule's least lr must be 0 or more" + got(min_lr));
  problems.raise();
}

void TrainOptions::validate() const {
  Problems problems;
  problems.of(corpus);
  problems.unless(within(val_frac, 0, 0.5), "val-frac must be from 0 to 0.5" + got(val_frac));
  problems.of(tokenizer);
  NetworkConfig sized = network;
  sized.vocab_size = std::max(sized.vocab_size, 2);  // known only when the tokenizer is
  problems.of(sized);
  problems.of(dropout);
  problems.unless(within(state_reset, 0, 1), "state-reset must be a probability" + got(state_reset));
  problems.of(batch);
  problems.of(optimizer);
  problems.of(schedule);
  problems.unless(sampled_softmax >= 0,
                  "sampled-softmax must be 0 (off) or more, got " + std::to_string(sampled_softmax));
  problems.unless(at_least(grad_clip, 0), "grad-clip must be 0 (off) or more" + got(grad_clip));
  problems.unless(at_least(loss_spike, 0), "loss-spike must be 0 (off) or more nats" + got(loss_spike));
  problems.unless(rollbacks >= 0, "rollbacks must be 0 or more, got " + std::to_string(rollbacks));

  problems.unless(within(epochs, 0, kMostEpochs), "epochs must be 0 (off) to 1e9" + got(epochs));
  problems.unless(steps >= 0, "steps must be 0 (off) or more, got " + std::to_string(steps));
  problems.unless(at_least(max_seconds, 0), "max-time must be 0 (off) or more seconds" + got(max_seconds));
  problems.unless(patience >= 0, "patience must be 0 (off) or more, got " + std::to_string(patience));
  const bool length_known = epochs > 0 || steps > 0 || max_seconds > 0;
  problems.unless(length_known || patience > 0, "nothing ends the run: set epochs, steps, max-time or patience");
  problems.unless(length_known || (schedule.kind != "cosine" && schedule.kind != "linear"),
                  "the " + schedule.kind + " schedule needs to know the run's length: set epochs, steps or max-time");
  problems.unless(patience == 0 || val_frac > 0 || !valid_inputs.empty(),
                  "patience needs a validation part: set val-frac or give validation files");

  problems.unless(eval_tokens == 0 || eval_tokens >= 2,
                  "eval-tokens must be 0 (all) or at least 2, got " + std::to_string(eval_tokens));
  problems.unless(eval_every >= 0, "eval-every must be 0 or more steps, got " + std::to_string(eval_every));
  problems.unless(sample_every >= -1, "sample-every must be -1 or more steps, got " + std::to_string(sample_every));
  problems.unless(sample_length >= 1, "sample-length must be at least 1, got " + std::to_string(sample_length));
  problems.unless(at_least(save_seconds, 0), "save-every must be 0 or more seconds" + got(save_seconds));
  problems.unless(backend == "auto" || backend == "openblas" || backend == "onednn",
                  "backend must be auto, openblas or onednn, got \"" + backend + "\"");
  problems.unless(precision == "auto" || precision == "f32" || precision == "bf16",
                  "precision must be auto, f32 or bf16, got \"" + precision + "\"");
  problems.unless(threads >= 0, "threads must be 0 (one a core) or more, got " + std::to_string(threads));
  problems.raise();
}

}  // namespace fude
