// Everything a training run can be told. Plain structs; a default that fits a first try; 0 or empty is "off" where it says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fude/data/batch_options.h"
#include "fude/data/corpus.h"
#include "fude/nn/config.h"
#include "fude/text/tokenizer.h"

namespace fude {

struct OptimizerOptions {
  // adamw | adam | sgd | rmsprop, each as PyTorch defines it.
  std::string kind = "adamw";
  double lr = 2e-3;            // peak learning rate
  double momentum = 0;         // sgd; 0: off
  double beta1 = 0.9;          // adam, adamw
  double beta2 = 0.99;         // adam, adamw
  double alpha = 0.99;         // rmsprop: decay of the squared average
  double eps = 1e-8;
  double weight_decay = 0;     // adamw: decoupled; others: added to the gradient; 0: off

  void validate() const;
};

struct ScheduleOptions {
  // constant | linear | cosine | step | plateau
  std::string kind = "cosine";
  int64_t warmup_steps = 0;    // linear from 0; 0: off
  double final_fraction = 0.02;  // linear, cosine: the end's share of lr
  int64_t step_size = 0;       // step: steps between cuts; 0: an epoch
  double factor = 0.5;         // step, plateau: what lr is multiplied by
  int patience = 2;            // plateau: evaluations without gain before a cut (as torch.optim.lr_scheduler.ReduceLROnPlateau)
  double threshold = 1e-4;     // plateau: relative gain that counts
  double min_lr = 1e-5;        // plateau

  void validate() const;
};

struct TrainOptions {
  CorpusOptions corpus;
  double val_frac = 0.1;                  // tail of the text held out; 0: none
  std::vector<std::string> valid_inputs;  // held-out files instead of a fraction
  TokenizerOptions tokenizer;

  NetworkConfig network;  // vocab_size is set from the tokenizer
  Initialization initialization;
  Dropout dropout;
  BatchOptions batch;  // its seed is taken from `seed`
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  double grad_clip = 1.0;  // limit of the global gradient norm; 0: off

  // The first limit reached ends the run.
  double epochs = 20;       // passes over the training part; 0: off
  int64_t steps = 0;        // optimizer steps; 0: off
  double max_seconds = 0;   // wall clock of this run, resumed parts together; 0: off. Schedules plan for it, too.
  int patience = 0;         // evaluations without a better validation loss before the run ends; 0: off

  int64_t eval_every = 0;   // steps; 0: at each epoch's end, and at least 10 times a run
  int64_t sample_every = 0; // steps; 0: at every evaluation; -1: off
  double save_seconds = 60; // time between saves of last.safetensors and last.state; 0: only at evaluations
  int sample_length = 200;  // tokens of a sample

  uint64_t seed = 1;
  int threads = 0;          // 0: one a core
  std::string out;          // run directory; required unless only a preflight is wanted
  std::string init_from;    // a model whose weights and tokenizer are the start; empty: off
  std::string resume;       // a run directory to continue exactly; empty: off

  // Every problem at once as a ConfigError.
  void validate() const;
};

// Sets network, dropout, batch and optimizer to a named recipe: tiny | small | medium | large, in a form for characters
// (char, byte) or for words and pieces by options.tokenizer.kind. ConfigError for another name.
void apply_preset(std::string_view name, TrainOptions& options);
std::vector<std::string> preset_names();

// As JSON text, for config.json and the model file, and back (FormatError names what is wrong).
std::string to_json(const TrainOptions& options);
TrainOptions train_options_from_json(std::string_view json, const std::string& where);

}  // namespace fude
