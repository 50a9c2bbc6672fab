// last.state: all that a run needs beside its text to go on as if it had never stopped.
//
// A model file with more in it: what the learner carries from step to step as F32 tensors, and in the metadata
// state_version, figures (JSON) and run (config.json). The model file's checksum is over all of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "data/batcher.h"
#include "fude/model/language_model.h"
#include "fude/train/trainer.h"
#include "train/run_directory.h"
#include "train/schedule.h"
#include "train/spike_guard.h"

namespace fude {

// What is no array.
struct RunFigures {
  int64_t step = 0;
  int64_t tokens = 0;  // predictions trained on
  BatchCursor cursor;
  Schedule::Plateau plateau;
  double best_loss = 0;             // of early stopping; infinite before the first evaluation
  int bad_evaluations = 0;          // of early stopping
  bool evaluation_pending = false;  // the run stopped after a step that an evaluation follows
  bool sample_pending = false;      // and likewise a sample
  double loss_sum = 0;              // nats since the last evaluation
  int64_t loss_tokens = 0;          // predictions since the last evaluation
  double recent_loss = 0;           // nats a token, exponential average
  double lr = 0;                    // of the last step
  double grad_norm = 0;             // of the last step
  double seconds = 0;               // wall clock of all parts of the run
  double loss_seconds = 0;          // time spent in steps since the last evaluation
  SpikeGuard::State spikes;
  std::optional<EvaluationRecord> best;
  RunDirectory::Sizes files;
  std::string data_digest;  // SplitCorpus::digest
};

// An array under its name: moments, carried state.
struct NamedSpan {
  std::string name;
  std::span<float> values;
};

struct Checkpoint {
  std::filesystem::path path;
  LanguageModel model;
  std::string config;  // what config.json was
  RunFigures figures;
};

// All of the file, to be committed by the caller.
void write_checkpoint(AtomicFile& file, const LanguageModel& model, const std::string& config,
                      const RunFigures& figures, const std::vector<NamedSpan>& arrays);

// Total: any bytes give a checkpoint or a FormatError.
Checkpoint read_checkpoint(const std::filesystem::path& path);
// FormatError unless each of the arrays is there in its size, all numbers.
void check_checkpoint_arrays(const std::filesystem::path& path, const std::vector<NamedSpan>& arrays);
// Fills the arrays once all of them are checked.
void read_checkpoint_arrays(const std::filesystem::path& path, const std::vector<NamedSpan>& arrays);

// The last state, or where it is damaged or missing the newer of the one before it and that of the last good
// evaluation: `note` then hears why. FormatError when none is whole.
Checkpoint read_newest_checkpoint(const RunDirectory& directory, const Note& note);

}  // namespace fude
