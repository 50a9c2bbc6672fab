// Trains a model and keeps its run directory: config.json, best.safetensors, last.safetensors, last.state,
// previous.state, good.state, log.jsonl, samples.txt, report.html.
//
//   fude::TrainOptions options;
//   options.corpus.inputs = {"story.txt"};
//   options.out = "runs/story";
//   fude::TrainEvents events;
//   events.on_evaluation = [](const fude::EvaluationRecord& r) { std::cerr << r.step << " " << r.val_loss << "\n"; };
//   fude::TrainResult result = fude::train(options, events);
//   result = fude::resume_training("runs/story", {.epochs = 40});   // later: twenty epochs more
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fude/model/language_model.h"
#include "fude/train/options.h"

namespace fude {

struct TrainProgress {
  int64_t step = 0;
  int64_t total_steps = 0;       // planned; 0: only time or patience ends the run
  double epoch = 0;              // passes done, with fraction
  double loss = 0;               // nats a token, exponential average over the last few dozen steps
  double lr = 0;                 // of the step just made
  double tokens_per_second = 0;  // of training alone
  double seconds = 0;            // so far, resumed parts together
  double seconds_left = 0;       // estimate; 0: not known
};

// A line of log.jsonl.
struct EvaluationRecord {
  int64_t step = 0;
  double epoch = 0;
  int64_t tokens = 0;            // predictions trained on so far
  double seconds = 0;            // so far, resumed parts together
  double tokens_per_second = 0;  // of training alone, since the last evaluation
  double lr = 0;
  double train_loss = 0;  // nats a token, mean since the last evaluation (with dropout)
  // The same in bits a character and a byte; NaN with a validation part. Not in the log.
  double train_bpc = 0;
  double train_bpb = 0;
  // NaN without a validation part.
  double val_loss = 0;
  double val_perplexity = 0;
  double val_bpc = 0;    // bits a character
  double val_bpb = 0;    // bits a byte
  double grad_norm = 0;  // before clipping, last step
  int64_t skipped = 0;   // steps left out so far, as loss or gradient exploded
  int rollbacks = 0;     // times so far that the run went back to an earlier evaluation, at half the learning rate
  bool best = false;     // the lowest validation loss so far
};

// What is known before the first step.
struct Preflight {
  CorpusInfo corpus;
  int64_t train_tokens = 0, valid_tokens = 0;
  int vocab_size = 0;
  NetworkConfig network;
  int64_t parameters = 0;
  int64_t memory_bytes = 0;            // estimate of the most that the program takes while it trains
  std::string precision;               // f32 or bf16
  int batch_size = 0, seq_length = 0;  // after fitting to a tiny corpus
  int64_t steps_per_epoch = 0;         // an estimate when window lengths are random
  int64_t total_steps = 0;             // 0: only time or patience ends the run
  double tokens_per_second = 0;        // measured on a few steps; 0: not measured
  double seconds = 0;                  // estimate of the whole run; 0: not known
};

// All of them are called on the thread that trains, and each may be empty. What they throw ends the run.
struct TrainEvents {
  // Before that, while text is read, pass by pass: what is done ("encoding the text"), the share of the pass that is
  // done, and an estimate of the seconds that it still takes (0: not known).
  std::function<void(std::string_view what, double share, double seconds_left)> on_preparation;
  std::function<void(const Preflight&)> on_start;
  std::function<void(const TrainProgress&)> on_progress;  // each step
  std::function<void(const EvaluationRecord&)> on_evaluation;
  // Writes a text of about `tokens` tokens, for samples.txt and the report; empty: no samples.
  std::function<std::string(const LanguageModel& model, uint64_t seed, int tokens)> sampler;
  std::function<void(int64_t step, std::string_view text)> on_sample;  // what the sampler wrote
  // Things a person should read: "batch size lowered to 4: ...".
  std::function<void(std::string_view)> on_note;
  // Set from a signal handler: training saves and ends within a step.
  const std::atomic<bool>* stop = nullptr;
  // Likewise: training saves after the step or evaluation under way, clears it, says so in a note and goes on.
  std::atomic<bool>* save = nullptr;
  // Nanoseconds that the program was stopped for, as by Ctrl-Z: no part of the run's time.
  const std::atomic<int64_t>* stopped_for = nullptr;
};

enum class TrainEnd { kFinished, kPatience, kInterrupted };

struct TrainResult {
  TrainEnd end = TrainEnd::kFinished;
  EvaluationRecord last;                 // val_loss is NaN when the run was interrupted before an evaluation
  std::optional<EvaluationRecord> best;  // lowest validation loss; nullopt without a validation part
  // best.safetensors, which without a validation part is the last model; last.safetensors when the run was interrupted
  // before its first evaluation.
  std::string model_path;
};

// Runs to a limit, early stop or interrupt; leaves a usable run directory in each case. Errors: ConfigError (a folder
// that holds a run already, too), DataError, FormatError (of init_from), IoError (another training in the folder, a
// full disk), MemoryError (before the first step), NumericError (the run diverged more often than
// TrainOptions::rollbacks allows: it is saved as it was at its last good evaluation). What was saved last stays as it
// is.
TrainResult train(const TrainOptions& options, const TrainEvents& events = {});

// Continues a run exactly: with the same thread count and limits in steps or epochs, the models come out byte for byte
// as if it had never stopped. last.state is all it needs; when that is damaged or missing it goes on from the save
// before, and on_note tells. DataError when the text is not the one the run began with, FormatError when no state is
// good or config.json was changed so that it contradicts the state; nothing is touched then.
TrainResult resume_training(const std::filesystem::path& run, const ResumeOptions& changes = {},
                            const TrainEvents& events = {});

// Everything train() would do up to the first step, and a few steps measured; writes nothing but a temporary folder,
// which it removes.
Preflight preflight(const TrainOptions& options, const TrainEvents& events = {});

}  // namespace fude
