// Everything a training run can be told. Plain structs; a default that fits a first try; 0 or empty is "off" where it
// says so.
#pragma once

#include <cstdint>
#include <optional>
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
  double lr = 8e-3;         // peak learning rate
  double momentum = 0;      // sgd; 0: off
  double beta1 = 0.9;       // adam, adamw
  double beta2 = 0.99;      // adam, adamw
  double alpha = 0.99;      // rmsprop: decay of the squared average
  double eps = 1e-8;        // adam, adamw, rmsprop
  double weight_decay = 0;  // adamw: decoupled; others: added to the gradient; 0: off

  // Every problem at once as a ConfigError; so do the others.
  void validate() const;
};

struct ScheduleOptions {
  // constant | linear | cosine | step | plateau
  std::string kind = "cosine";
  // The rate rises to its peak over so many steps, or a tenth of the run when that is shorter; 0: off.
  int64_t warmup_steps = 100;
  double final_fraction = 0.02;  // linear, cosine: the end's share of lr
  int64_t step_size = 0;         // step: steps between cuts; 0: an epoch
  double factor = 0.5;           // step, plateau: what lr is multiplied by
  // plateau: evaluations without gain before a cut (as torch.optim.lr_scheduler.ReduceLROnPlateau). What is watched is
  // the validation loss, or the training loss when nothing is held out.
  int patience = 2;
  double threshold = 1e-4;  // plateau: relative gain that counts
  double min_lr = 1e-5;     // plateau

  void validate() const;
};

inline constexpr int kManyCharacters = 500;

// The defaults are the preset "small" for characters.
struct TrainOptions {
  CorpusOptions corpus;
  double val_frac = 0.1;                  // tail of the text held out, up to 0.5; 0: none
  std::vector<std::string> valid_inputs;  // held-out files instead of a fraction
  TokenizerOptions tokenizer;

  NetworkConfig network{.embed_size = 64, .hidden_size = 256};  // vocab_size is set from the tokenizer
  Initialization initialization;
  Dropout dropout{.layer = 0.1, .output = 0.2};
  // Probability that a stream's carried state is zeroed before a window, so that the network also learns to start from
  // nothing, as writing does (Melis et al. 2017, arXiv:1707.05589); 0: off.
  double state_reset = 0.01;
  BatchOptions batch{.seq_length = 64};  // its seed is taken from `seed`
  OptimizerOptions optimizer;
  // The rate in place of optimizer.lr where a vocabulary of characters has more than kManyCharacters, as Japanese and
  // Chinese have: most come rarely, and at the rate of an alphabet the network learns for long how frequent each is and
  // nothing else. 0: off. Presets set it.
  double many_characters_lr = 0;
  ScheduleOptions schedule;
  // Symbols, drawn as often as they stand in the text, that a window's targets are told from, in place of all of them:
  // training with a large vocabulary is faster, and the training loss shown is that of the easier question. Evaluations
  // use all. 0: off. (Sampled softmax: Jean et al. 2015, arXiv:1412.2007.)
  int sampled_softmax = 0;
  double grad_clip = 1.0;  // limit of the global gradient norm; 0: off

  // A step is left out whose loss or gradient is not finite, whose loss is so many nats a token above the recent one,
  // or, without grad_clip, whose gradient norm is a hundred times the recent one. A run with 10 such steps among 100,
  // or whose validation loss is as far above the best, goes back to its last good evaluation at half the learning rate.
  // 0: off; what is not finite then ends the run.
  double loss_spike = 10;
  int rollbacks = 5;  // times that a run may go back; the next time ends it. 0: the first time does

  // The first limit reached ends the run; at least one must be on. Schedules plan for all but patience.
  double epochs = 20;      // passes over the training part; 0: off
  int64_t steps = 0;       // optimizer steps; 0: off
  double max_seconds = 0;  // wall clock of this run, resumed parts together, while it was not stopped; 0: off
  int patience = 0;        // evaluations without a better validation loss before the run ends; 0: off

  int64_t eval_every = 0;  // steps; 0: at each epoch's end, but 5 to 100 times a run
  // Tokens of the held-out part that an evaluation reads, from its first one on; 0: all. A large text holds out far
  // more than a figure needs, and training would stand still meanwhile.
  int64_t eval_tokens = 4'000'000;
  int64_t sample_every = 0;  // steps; 0: at every evaluation; -1: off
  int sample_length = 200;   // tokens of a sample
  double save_seconds = 60;  // time between saves of last.safetensors and last.state; 0: at every evaluation

  uint64_t seed = 1;
  int threads = 0;               // 0: one a core
  std::string backend = "auto";  // of matrix products: auto | openblas | onednn
  // Of matrix products in training: auto | f32 | bf16 (with f32 weights, states and sums). auto: bf16 where the CPU has
  // it and the layers gain by it.
  std::string precision = "auto";
  std::string out;        // run directory, new or without a run in it; not needed for a preflight
  std::string init_from;  // a model (or run) whose weights, architecture and tokenizer are the start; empty: off

  void validate() const;
};

// What may be changed when a run is resumed; nullopt: as the run has it. All else is the run's own.
struct ResumeOptions {
  std::optional<double> epochs = std::nullopt;
  std::optional<int64_t> steps = std::nullopt;
  std::optional<double> max_seconds = std::nullopt;
  std::optional<int> patience = std::nullopt;
  std::optional<int> rollbacks = std::nullopt;
  // Another count than before may round differently: the run then continues, but not bit by bit.
  std::optional<int> threads = std::nullopt;
};

// Sets network, dropout, batch and learning rate to a named recipe: tiny | small | medium | large, in a form for
// characters (char, byte) or for words and pieces by options.tokenizer.kind. ConfigError for another name.
void apply_preset(std::string_view name, TrainOptions& options);
std::vector<std::string> preset_names();

// f32 or bf16. "auto" is bf16 where the backend set and the CPU have it and the layers are large enough to gain by it;
// asked for by name where they are not it is a ConfigError.
std::string resolve_precision(std::string_view wanted, const NetworkConfig& network);

// As JSON text, for config.json and the model file, and back: a missing key keeps its default, an unknown one or a
// value of the wrong type is a FormatError that names it.
std::string to_json(const TrainOptions& options);
TrainOptions train_options_from_json(std::string_view json, const std::string& where);

}  // namespace fude
