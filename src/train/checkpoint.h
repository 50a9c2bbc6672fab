// last.state: all that a run needs beside its settings and its text to go on as if it had never stopped.
//
// A safetensors file: the arrays as F32 tensors, the figures as JSON in its metadata, and a checksum over both.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/batcher.h"
#include "fude/train/trainer.h"
#include "train/run_directory.h"
#include "train/schedule.h"

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
  double loss_sum = 0;              // nats since the last evaluation
  int64_t loss_tokens = 0;          // predictions since the last evaluation
  double recent_loss = 0;           // nats a token, exponential average
  double lr = 0;                    // of the last step
  double grad_norm = 0;             // of the last step
  double seconds = 0;               // wall clock of all parts of the run
  double loss_seconds = 0;          // time spent in steps since the last evaluation
  std::optional<EvaluationRecord> best;
  RunDirectory::Sizes files;
  std::string data_digest;            // SplitCorpus::digest
  std::string tokenizer_fingerprint;  // Tokenizer::fingerprint
};

// An array under its name: weights, moments, carried state.
struct NamedSpan {
  std::string name;
  std::span<float> values;
};

void write_checkpoint(const std::filesystem::path& path, const RunFigures& figures,
                      const std::vector<NamedSpan>& arrays);

// Total: any bytes give figures or a FormatError.
RunFigures read_checkpoint_figures(const std::filesystem::path& path);
// Fills the arrays, each of which must be there in its size; FormatError otherwise.
void read_checkpoint_arrays(const std::filesystem::path& path, const std::vector<NamedSpan>& arrays);

}  // namespace fude
