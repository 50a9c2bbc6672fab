// The loop of a run: steps, evaluations, samples and saves in their order, until a limit, early stop or interrupt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "fude/train/trainer.h"
#include "train/checkpoint.h"
#include "train/early_stop.h"
#include "train/learner.h"
#include "train/run_directory.h"
#include "train/schedule.h"
#include "train/setup.h"
#include "train/spike_guard.h"

namespace fude {

class Run {
 public:
  // All three must outlive the run.
  Run(Setup& setup, RunDirectory& directory, const TrainEvents& events);

  // To where a state was saved, whose figures these are; setup.model came from there, too.
  void resume(const RunFigures& figures, const std::filesystem::path& state);
  TrainResult go();

 private:
  void step();
  void save_if_asked();
  // False when it was one too many and the run went back.
  bool leave_out(const std::string& fault);
  // False when they were interrupted: they are then still pending.
  bool evaluate();
  bool sample();
  // Back to the last good evaluation, at a lower rate, and saved there. NumericError when that has been done as often
  // as it may.
  void roll_back(const std::string& why);
  // From here on a run that diverges goes back to where it is now.
  void mark_good();
  // FormatError when it is damaged or another run's, as a folder from elsewhere may hold any.
  Checkpoint read_good_state();
  bool has_good_state();
  // `before_cutting` as of RunDirectory::rewind().
  void restore(const RunFigures& figures, const std::filesystem::path& state,
               const std::function<void()>& before_cutting = {});
  RunFigures figures_now() const;
  // Weights and all that a state holds beside them.
  bool is_finite();
  void save();
  // What is not finite is not saved: false; what was saved before stays, and leads here again.
  bool save_if_finite();
  TrainResult finish(TrainEnd end);

  void note(std::string_view text) const {
    if (events_->on_note) events_->on_note(text);
  }
  bool stopped() const { return events_->stop != nullptr && events_->stop->load(); }
  bool limit_reached() const;
  bool evaluation_due() const;
  double clock() const;    // seconds since some moment, those left out in which the program was stopped
  double seconds() const;  // resumed parts together
  double time_fraction() const;
  TrainProgress progress() const;
  // The figures of now; those of validation NaN.
  EvaluationRecord record_now() const;
  // Writes into the model where it comes from. NumericError when it must not be saved; IoError when the folder is
  // another.
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
  SpikeGuard guard_;
  RunFigures figures_;  // what of it other members hold is filled in by figures_now()
  double recent_tokens_per_second_ = 0;
  double started_at_;        // clock()
  double saved_at_ = 0;      // seconds()
  double evaluated_at_ = 0;  // seconds()
};

}  // namespace fude
