#include "train_flags.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include "base/file.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "model_flags.h"
#include "terminal.h"
#include "text/tokenizer_kinds.h"
#include "text_flags.h"
#include "tokenizer_flags.h"
#include "train/run_directory.h"
#include "train/training_info.h"
#include "usage_error.h"

namespace fude {
namespace {

// What a model given by --init-from has settled.
constexpr std::array kModelFlags = {"tokenizer",   "vocab-size", "normalize",  "unit", "case",       "cell",
                                    "hidden-size", "num-layers", "embed-size", "tied", "orthogonal", "forget-bias"};
constexpr std::array kFractionFlags = {"val-frac"};
constexpr std::array kResumeFlags = {"resume",    "epochs",  "steps",   "max-time", "patience",
                                     "rollbacks", "threads", "profile", "config"};

Binding bind_cell(CellKind& cell) {
  return {.set = [&cell](const std::string& text) { cell = parse_cell(text); },
          .get = [&cell] { return std::string(to_string(cell)); }};
}

// One number for the three places where feed-forward values are dropped.
Binding bind_dropout(Dropout& dropout) {
  const auto set = [&dropout](const std::string& text) {
    bind(dropout.input).set(text);
    dropout.layer = dropout.output = dropout.input;
  };
  return {.set = set, .get = [] { return std::string(); }};
}

// runs/<name of the text>, with a number behind it when that holds something already.
std::string new_run_folder(const std::string& input) {
  namespace fs = std::filesystem;
  fs::path path = input == "-" ? fs::path("stdin") : fs::path(input).lexically_normal();
  while (path.has_relative_path() && path.filename().string().find_first_of("*?[") != std::string::npos)
    path = path.parent_path();
  if (path.filename().empty()) path = path.parent_path();
  std::error_code error;
  std::string stem = fs::is_directory(path, error) ? path.filename().string() : path.stem().string();
  if (stem.empty() || stem == "." || stem == "..") stem = "text";
  const std::string folder = "runs/" + stem;
  std::string free = folder;
  for (int number = 2; !RunDirectory(free).is_vacant(); ++number) free = folder + "-" + std::to_string(number);
  return free;
}

// UsageError when one of `names` was given: `other` has taken its place.
void refuse_with(const Flags& flags, const std::string& other, std::span<const char* const> names,
                 const std::string& hint) {
  for (const auto& [name, where] : flags.all_given()) {
    if (std::find(names.begin(), names.end(), name) != names.end())
      throw UsageError(where + " and " + other + " contradict each other", hint);
  }
}

}  // namespace

void TrainFlags::add_text(Flags& flags) {
  flags.section("Text");
  flags.add("val-frac", {}, "F", bind(options.val_frac), "share of the text, at its end, held out to measure; 0: none");
  flags.add("val", {}, "FILE", bind(options.valid_inputs), "held-out text in place of a share; may be repeated");
  add_text_flags(flags, options.corpus);
  flags.section("Tokens");
  flags.add("tokenizer", {}, "KIND", bind(options.tokenizer.kind),
            tokenizer_kind_names() +
                ", or a file: of `fude tokenizer train`, or a SentencePiece "
                ".model");
  add_tokenizer_flags(flags, options.tokenizer);
}

void TrainFlags::add_network(Flags& flags) {
  flags.section("Network");
  flags.add("preset", {}, "NAME", bind(preset),
            "tiny | small | medium | large: sizes, dropout, batch and learning rate that fit each other and the "
            "tokenizer; other flags win over it");
  flags.add("cell", {}, "KIND", bind_cell(options.network.cell), "lstm | gru | rnn");
  flags.add("hidden-size", {"rnn-size", "nhid"}, "N", bind(options.network.hidden_size), "units of a recurrent layer");
  flags.add("num-layers", {"nlayers"}, "N", bind(options.network.num_layers), "recurrent layers, 1 to 8");
  flags.add("embed-size", {"emsize", "wordvec-size"}, "N", bind(options.network.embed_size), "size of an embedding");
  flags.add("tied", {}, "", bind(options.network.tied), "the output layer shares the weights of the embedding");
  flags.add("orthogonal", {}, "", bind(options.initialization.orthogonal), "recurrent weights begin orthogonal");
  flags.add("forget-bias", {}, "X", bind(options.initialization.forget_bias),
            "what an LSTM's forget gate begins with; 0: off");
  flags.section("Dropout");
  flags.add("dropout", {}, "P", bind_dropout(options.dropout), "input, layer and output dropout at once; 0: off");
  flags.add("dropout-input", {}, "P", bind(options.dropout.input), "of embeddings; 0: off");
  flags.add("dropout-layer", {}, "P", bind(options.dropout.layer), "between layers; 0: off");
  flags.add("dropout-state", {}, "P", bind(options.dropout.state), "of the recurrent state; 0: off");
  flags.add("dropout-output", {}, "P", bind(options.dropout.output), "before the output layer; 0: off");
  flags.add("dropout-locked", {}, "", bind(options.dropout.locked), "one mask a window; off: one a step");
}

void TrainFlags::add_optimization(Flags& flags) {
  flags.section("Batches");
  flags.add("seq-length", {"bptt", "block-size"}, "N", bind(options.batch.seq_length),
            "tokens that a gradient flows back through");
  flags.add("batch-size", {}, "N", bind(options.batch.batch_size), "streams read side by side");
  flags.add("stride", {}, "N", bind(options.batch.stride), "new tokens a window, the rest overlaps; 0: all are new");
  flags.add("random-length", {}, "", bind(options.batch.random_length),
            "vary the windows' lengths around --seq-length");
  flags.add("reset-at-documents", {}, "", bind(options.batch.reset_at_documents),
            "forget what came before where a document begins");
  flags.add("state-reset", {}, "P", bind(options.state_reset),
            "chance that a stream forgets at a window's start what came before; 0: off");
  flags.section("Optimizer");
  flags.add("optimizer", {}, "KIND", bind_choice(options.optimizer.kind, {"adamw", "adam", "sgd", "rmsprop"}),
            "adamw | adam | sgd | rmsprop");
  flags.add("lr", {"learning-rate"}, "X", bind(options.optimizer.lr), "learning rate at its highest");
  flags.add("momentum", {}, "X", bind(options.optimizer.momentum), "sgd; 0: off");
  flags.add("beta1", {}, "X", bind(options.optimizer.beta1), "adam, adamw: decay of the averaged gradient");
  flags.add("beta2", {}, "X", bind(options.optimizer.beta2), "adam, adamw: decay of the averaged square");
  flags.add("alpha", {}, "X", bind(options.optimizer.alpha), "rmsprop: decay of the averaged square");
  flags.add("eps", {}, "X", bind(options.optimizer.eps), "adam, adamw, rmsprop: added to the divisor");
  flags.add("weight-decay", {}, "X", bind(options.optimizer.weight_decay), "0: off");
  flags.add("grad-clip", {}, "X", bind(options.grad_clip), "limit of the norm of the whole gradient; 0: off");
  flags.add("sampled-softmax", {}, "N", bind(options.sampled_softmax),
            "train against N symbols drawn from the text in place of the whole vocabulary; worth it from some 10,000 "
            "tokens on; 0: off");
  flags.add("loss-spike", {}, "NATS", bind(options.loss_spike),
            "a step is left out whose loss is so far above the recent one, or not finite; after 10 among 100 steps the "
            "run goes back to its last good evaluation at half the rate; 0: off, what is not finite ends the run");
  flags.add("rollbacks", {}, "N", bind(options.rollbacks), "times that a run may go back so; the next time ends it");
  flags.section("Learning rate");
  flags.add("lr-schedule", {}, "KIND",
            bind_choice(options.schedule.kind, {"constant", "linear", "cosine", "step", "plateau"}),
            "constant | linear | cosine | step | plateau");
  flags.add("warmup", {}, "STEPS", bind(options.schedule.warmup_steps), "steps in which the rate rises; 0: off");
  flags.add("lr-final", {}, "F", bind(options.schedule.final_fraction), "linear, cosine: share of --lr at the end");
  flags.add("lr-step", {}, "STEPS", bind(options.schedule.step_size), "step: steps between cuts; 0: an epoch");
  flags.add("lr-factor", {}, "X", bind(options.schedule.factor), "step, plateau: what a cut multiplies the rate by");
  flags.add("lr-patience", {}, "N", bind(options.schedule.patience), "plateau: evaluations without gain before a cut");
  flags.add("lr-threshold", {}, "X", bind(options.schedule.threshold), "plateau: relative gain that counts");
  flags.add("lr-min", {}, "X", bind(options.schedule.min_lr), "plateau: no cut goes below this rate");
}

void TrainFlags::add_limits(Flags& flags) {
  flags.section("Length of the run (the first limit reached ends it)");
  flags.add("epochs", {}, "N", bind(options.epochs),
            "passes over the text; 0: off. Off by itself when --steps or --max-time is given");
  flags.add("steps", {}, "N", bind(options.steps), "optimizer steps; 0: off");
  flags.add("max-time", {}, "TIME", bind_duration(options.max_seconds),
            "such as 90s, 5m or 1h30m, without what Ctrl-Z stops it for; 0: off");
  flags.add("patience", {}, "N", bind(options.patience),
            "evaluations without a better validation loss before the run ends; 0: off");
  flags.add("eval-every", {}, "STEPS", bind(options.eval_every), "0: at each epoch's end, and at least 5 times a run");
  flags.add("eval-tokens", {}, "N", bind(options.eval_tokens),
            "held-out tokens that an evaluation reads, from the first one on; 0: all");
  flags.add("sample-every", {}, "STEPS", bind(options.sample_every), "0: at every evaluation; -1: off");
  flags.add("sample-length", {}, "N", bind(options.sample_length), "tokens of a sample");
  flags.add("save-every", {}, "TIME", bind_duration(options.save_seconds),
            "between saves of what a resumed run needs; 0: at every evaluation");
}

void TrainFlags::add_run(Flags& flags) {
  flags.section("Run");
  flags.add("out", {"o"}, "RUN", bind(options.out), "folder for all that the run leaves");
  flags.default_text("runs/ and the name of the text");
  flags.add("init-from", {}, "FILE|RUN", bind(options.init_from),
            "begin with the weights and the tokenizer of this model, to go on learning from another text");
  flags.add("resume", {}, "RUN", bind(resume),
            "go on with a run exactly where it ended; what may be changed are limits, --rollbacks and --threads");
  flags.add("dry-run", {}, "", bind(dry_run), "say what the run would be and measure its speed; writes nothing");
  flags.add("seed", {"s"}, "N", bind(seed), "equal seeds, equal models");
  flags.default_text("drawn");
  flags.add("threads", {}, "N", bind(options.threads), "0: one a core");
  flags.add("backend", {}, "WORD", bind(options.backend), kBackendHelp);
  flags.add("precision", {}, "WORD", bind_choice(options.precision, {"auto", "f32", "bf16"}),
            "of matrix products: auto | f32 | bf16 (weights and sums stay f32); auto: bf16 where the CPU has it");
  flags.add("profile", {}, "", bind(profile), "tell at the end where the time went");
}

void TrainFlags::add_to(Flags& flags) {
  add_text(flags);
  add_network(flags);
  add_optimization(flags);
  add_limits(flags);
  add_run(flags);
}

void TrainFlags::finish(Flags& flags) {
  if (flags.is_given("init-from"))
    refuse_with(flags, "--init-from", kModelFlags, "network and tokenizer come from the model: leave it out");
  if (flags.is_given("val")) refuse_with(flags, "--val", kFractionFlags, "hold out a file or a share, not both");
  preset = flags.given("preset").value_or(preset);
  options.tokenizer.kind = flags.given("tokenizer").value_or(options.tokenizer.kind);
  const NetworkConfig network = options.network;
  apply_preset(preset, options);
  if (flags.is_given("init-from")) options.network = network;  // which the model's own will replace
  flags.apply();
  if (flags.is_given("lr")) options.many_characters_lr = 0;
  if (flags.is_given("batch-size")) options.batch.least_steps = 0;  // what a person asks for stands
  if (!flags.is_given("epochs") && (options.steps > 0 || options.max_seconds > 0)) options.epochs = 0;
  if (!seed) seed = random_seed();
  options.seed = *seed;
  options.tokenizer.seed = *seed;
  options.corpus.inputs = flags.positionals();
  if (options.corpus.inputs.empty())
    throw UsageError("no text to learn from", "name a text file, a folder, or - for standard input");
  options.validate();
  refuse_unused_tokenizer_flags(flags, options.tokenizer);
  if (!dry_run && options.out.empty()) options.out = new_run_folder(options.corpus.inputs.front());
}

std::string TrainFlags::contradictions(const Flags& flags) const {
  TrainFlags run;
  const std::filesystem::path config = RunDirectory(resume).config();
  bool is_run = file_exists(config);
  try {
    if (is_run) run.options = options_of_run(MappedFile(config).text(), config.string());
  } catch (const FormatError&) {
    is_run = false;  // a damaged file is told when the run goes on
  }
  run.seed = run.options.seed;
  Flags of_run("train", "", "");
  run.add_to(of_run);
  const auto now = flags.values(), before = of_run.values();
  const auto value_in = [](const auto& values, const std::string& name) {
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
    return found == values.end() ? std::string() : found->second;
  };
  std::string refused;
  const auto refuse = [&refused](const std::string& what) { refused += (refused.empty() ? "" : ", ") + what; };
  for (const auto& [name, where] : flags.all_given()) {
    if (std::find(kResumeFlags.begin(), kResumeFlags.end(), name) != kResumeFlags.end()) continue;
    const std::string wanted = value_in(now, name), has = value_in(before, name);
    const bool known = is_run && !wanted.empty() && !has.empty() && name != "preset";
    if (!known) {
      refuse(where);
    } else if (wanted != has) {
      refuse(where + " " + wanted + " (the run has " + has + ")");
    }
  }
  const std::vector<std::string>& inputs = run.options.corpus.inputs;
  std::vector<std::string> texts = flags.positionals();
  for (std::string& text : texts) text = absolute_input(text);
  if (!texts.empty() && texts != inputs)
    refuse(flags.positionals().front() + (inputs.empty() ? "" : " (the run's text is " + inputs.front() + ")"));
  return refused;
}

ResumeOptions TrainFlags::resume_options(Flags& flags) {
  flags.ignore_environment(kResumeFlags);
  flags.apply();
  if (const std::string refused = contradictions(flags); !refused.empty()) {
    throw UsageError("--resume goes on with a run as it is and does not take: " + refused,
                     "leave them out, or begin a new run from these weights with --init-from");
  }
  ResumeOptions changes;
  if (flags.is_given("epochs")) changes.epochs = options.epochs;
  if (flags.is_given("steps")) changes.steps = options.steps;
  if (flags.is_given("max-time")) changes.max_seconds = options.max_seconds;
  if (flags.is_given("patience")) changes.patience = options.patience;
  if (flags.is_given("rollbacks")) changes.rollbacks = options.rollbacks;
  if (flags.is_given("threads")) changes.threads = options.threads;
  return changes;
}

}  // namespace fude
