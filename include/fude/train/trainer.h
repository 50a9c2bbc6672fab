// Trains a model and keeps its run directory: config.json, best.safetensors, last.safetensors, last.state, log.jsonl,
// samples.txt, report.html.
//
//   fude::TrainOptions options;
//   options.corpus.inputs = {"story.txt"};
//   options.out = "runs/story";
//   fude::TrainEvents events;
//   events.on_evaluation = [](const fude::EvaluationRecord& r) { std::cerr << r.step << " " << r.val_loss << "\n"; };
//   fude::TrainResult result = fude::train(options, events);
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fude/train/options.h"

namespace fude {

struct TrainProgress {
  int64_t step = 0;
  int64_t total_steps = 0;     // planned; 0: not known yet
  double epoch = 0;            // passes done, with fraction
  double loss = 0;             // nats a token, mean since the last evaluation (exponential average between)
  double lr = 0;
  double tokens_per_second = 0;
  double seconds = 0;          // so far, resumed parts together
  double seconds_left = 0;     // estimate; 0: not known yet
};

// A line of log.jsonl.
struct EvaluationRecord {
  int64_t step = 0;
  double epoch = 0;
  int64_t tokens = 0;
  double seconds = 0;
  double tokens_per_second = 0;
  double lr = 0;
  double train_loss = 0;       // nats a token, mean since the last evaluation (with dropout)
  // NaN without a validation part.
  double val_loss = 0;
  double val_perplexity = 0;
  double val_bpc = 0;          // bits a character
  double val_bpb = 0;          // bits a byte
  double grad_norm = 0;        // before clipping, last step
  bool best = false;
};

// What is known before the first step.
struct Preflight {
  CorpusInfo corpus;
  int64_t train_tokens = 0, valid_tokens = 0;
  int vocab_size = 0;
  int64_t parameters = 0;
  int64_t memory_bytes = 0;     // estimate of the peak
  int batch_size = 0, seq_length = 0;  // after fitting to a tiny corpus
  int64_t steps_per_epoch = 0, total_steps = 0;
  double tokens_per_second = 0;  // measured on a few steps; 0: not measured
  double seconds = 0;            // estimate of the whole run; 0: not known
};

struct TrainEvents {
  std::function<void(const Preflight&)> on_start;
  std::function<void(const TrainProgress&)> on_progress;      // each step
  std::function<void(const EvaluationRecord&)> on_evaluation;
  std::function<void(std::string_view prompt, std::string_view text, double temperature)> on_sample;
  std::function<void(std::string_view)> on_note;               // things a person should read: "batch size lowered to 4: ..."
  // Set from a signal handler: training saves and ends within a step.
  const std::atomic<bool>* stop = nullptr;
};

enum class TrainEnd { kFinished, kPatience, kInterrupted };

struct TrainResult {
  TrainEnd end = TrainEnd::kFinished;
  EvaluationRecord last;
  std::optional<EvaluationRecord> best;  // lowest validation loss
  std::string model_path;                // best.safetensors
};

// Runs to a limit, early stop or interrupt; leaves a usable run directory in each case. Errors: ConfigError, DataError, IoError,
// NumericError (loss not finite: the last good model is saved).
TrainResult train(const TrainOptions& options, const TrainEvents& events = {});

// Everything train() would do up to the first step, and a few steps measured; writes nothing.
Preflight preflight(const TrainOptions& options, const TrainEvents& events = {});

}  // namespace fude
