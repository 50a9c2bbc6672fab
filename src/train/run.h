// The loop of a run: steps, evaluations, samples and saves in their order, until a limit, early stop or interrupt.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "fude/train/trainer.h"
#include "train/checkpoint.h"
#include "train/early_stop.h"
#include "train/learner.h"
#include "train/run_directory.h"
#include "train/schedule.h"
#include "train/setup.h"

namespace fude {

class Run {
 public:
  // All three must outlive the run.
  Run(Setup& setup, RunDirectory& directory, const TrainEvents& events);

  // Back to where a state was saved, whose figures these are; setup.model came from there, too.
  void restore(const RunFigures& figures, const std::filesystem::path& state);
  TrainResult go();

 private:
  using Clock = std::chrono::steady_clock;

  void step();
  // False when it was interrupted: it is then still pending.
  bool evaluate();
  void sample();
  void save();
  TrainResult finish(TrainEnd end);

  bool stopped() const { return events_->stop != nullptr && events_->stop->load(); }
  bool limit_reached() const;
  bool evaluation_due() const;
  double seconds() const;  // resumed parts together
  double time_fraction() const;
  TrainProgress progress() const;
  // The figures of now; those of validation NaN.
  EvaluationRecord record_now() const;
  // Writes into the model where it comes from. NumericError when it must not be saved.
  void prepare_model();
  void save_model(const std::filesystem::path& path);
  // IoError when the disk has too little of it for a save.
  void require_space();
  void write_report() const;

  Setup* setup_;
  RunDirectory* directory_;
  const TrainEvents* events_;
  Learner learner_;
  Schedule schedule_;
  EarlyStop early_stop_;
  RunFigures figures_;  // what of it other members hold is filled in by save()
  double recent_tokens_per_second_ = 0;
  Clock::time_point started_ = Clock::now();
  double saved_at_ = 0;      // seconds()
  double evaluated_at_ = 0;  // seconds()
};

}  // namespace fude
