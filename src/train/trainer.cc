#include "fude/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "model/model_file.h"
#include "train/checkpoint.h"
#include "train/learner.h"
#include "train/memory_limit.h"
#include "train/preparation.h"
#include "train/resume_check.h"
#include "train/run.h"
#include "train/run_directory.h"
#include "train/run_lock.h"
#include "train/setup.h"
#include "train/temporary_folder.h"
#include "train/training_info.h"

namespace fude {
namespace {

// Steps that a preflight measures, after one that warms up, and the time after which it measures no further one.
constexpr int kMeasuredSteps = 3;
constexpr double kMeasuredSeconds = 2;
// Bytes of a config.json, which has some 2,000 and may name many files.
constexpr size_t kLargestConfig = size_t{1} << 26;

Note note_of(const TrainEvents& events) {
  return [&events](std::string_view text) {
    if (events.on_note) events.on_note(text);
  };
}

SplitCorpus read_text(const TrainOptions& options, Preparation& preparation) {
  return SplitCorpus(options.corpus, options.val_frac, options.valid_inputs, preparation.progress());
}

Setup prepare_new(const TrainOptions& options, const SplitCorpus& split, const std::filesystem::path& cache,
                  const TrainEvents& events, Preparation& preparation) {
  const Note note = note_of(events);
  if (options.init_from.empty())
    return prepare(options, split, std::nullopt, Changeable::kAll, cache, note, preparation);
  Setup setup =
      prepare(options, split, LanguageModel::load(options.init_from), Changeable::kBatch, cache, note, preparation);
  const NetworkConfig& network = setup.model.config();
  note("weights, architecture and tokenizer are those of " + options.init_from + ": " +
       std::string(to_string(network.cell)) + ", " + std::to_string(network.num_layers) + " x " +
       std::to_string(network.hidden_size) + ", " + std::string(setup.model.tokenizer().kind()) + " with " +
       std::to_string(network.vocab_size) + " tokens");
  if (setup.fallback_tokens > 0) {
    setup.fallback_seen = true;  // this text holds what the tokenizer's own never did
    if (!setup.model.tokenizer().loses_text())
      note("the model's vocabulary lacks some of this text: " + std::to_string(setup.fallback_tokens) + " of " +
           std::to_string(setup.dataset.train.size()) + " tokens spell such symbols out");
  }
  return setup;
}

void use_machine(const TrainOptions& options) {
  set_threads(options.threads);
  set_backend(options.backend, Work::kTraining);
}

void apply(const ResumeOptions& changes, TrainOptions& options) {
  if (changes.epochs) options.epochs = *changes.epochs;
  if (changes.steps) options.steps = *changes.steps;
  if (changes.max_seconds) options.max_seconds = *changes.max_seconds;
  if (changes.patience) options.patience = *changes.patience;
  if (changes.rollbacks) options.rollbacks = *changes.rollbacks;
  if (changes.threads) options.threads = *changes.threads;
}

// Those of config.json, which has limits raised since the last save; when it is damaged, those saved with the state.
TrainOptions read_options(const RunDirectory& directory, const Checkpoint& checkpoint, const Note& note) {
  const std::string name = directory.config().string();
  std::string trouble = name + " is missing";
  if (file_exists(directory.config())) {
    try {
      std::error_code unknown;
      const uintmax_t size = std::filesystem::file_size(directory.config(), unknown);
      if (!unknown && size > kLargestConfig) throw FormatError(name + " is too large");
      return options_of_run(MappedFile(directory.config()).text(), name);
    } catch (const FormatError& error) {
      trouble = error.what();
    }
  }
  note(trouble + "; the options are those saved in " + checkpoint.path.filename().string());
  return options_of_run(checkpoint.config, checkpoint.path.string() + ": run");
}

// FormatError unless the file is whole and a model of the run that `last` is one of.
void check_best(const SafetensorsFile& file, const TrainOptions& options, const LanguageModel& last) {
  check_content(file);
  const auto entry = [&](const char* key) {
    const auto found = file.metadata().find(key);
    return found == file.metadata().end() ? std::string() : found->second;
  };
  const auto corpus = [&](std::string_view info) { return parse_json(info, file.where()).value("corpus", Json()); };
  const bool same = entry("config") == to_json(last.config()) && entry("tokenizer") == last.tokenizer().save().json &&
                    corpus(entry("training")) == corpus(last.training_info());
  if (!same || !describe_changed_options(options, entry("training"), last.config(), file.where()).empty())
    throw FormatError(file.where() + " is the model of another run");
}

// Looks at the best model, which nobody reads before it is needed. When it is lost and the state is not the same model,
// the best of what follows takes its place.
void mend_best(const RunDirectory& directory, const TrainOptions& options, const LanguageModel& model,
               RunFigures& figures, const Note& note) {
  if (!figures.best) return;
  const std::string name = directory.best_model().string();
  std::string trouble = name + " is missing";
  if (file_exists(directory.best_model())) {
    try {
      return check_best(SafetensorsFile(directory.best_model()), options, model);
    } catch (const FormatError& error) {
      trouble = error.what();
    }
  }
  if (figures.best->step == figures.step) {
    model.save(directory.best_model());
    note(trouble + "; it was made again from the state");
    return;
  }
  note(trouble + "; the best model of the steps from now on takes its place");
  figures.best.reset();
  figures.best_loss = std::numeric_limits<double>::infinity();
}

// What a run does, `work`, once there is one.
TrainResult keep_whole(const RunDirectory& directory, const std::function<TrainResult()>& work) {
  try {
    return work();
  } catch (const IoError& error) {
    directory.require_in_place();  // otherwise that is why
    if (!directory.has_state()) throw;
    throw IoError(error.what(), error.hint() + (error.hint().empty() ? "" : "; ") +
                                    "the run is whole as it was last saved: --resume goes on from there");
  }
}

}  // namespace

TrainResult train(const TrainOptions& options, const TrainEvents& events) {
  options.validate();
  if (options.out.empty()) throw ConfigError("no folder for the run", "name one with --out");
  require_paths_in_utf8(options);
  require_text_outside(options);
  RunDirectory directory(options.out);
  std::optional<RunLock> lock;
  const auto begin = [&] {
    lock.emplace(options.out);
    directory.refuse_existing();
    directory.clean();
    directory.hold(*lock);
  };
  if (file_exists(options.out)) begin();
  use_machine(options);
  require_memory_for_weights(options);
  Preparation preparation(events);
  const SplitCorpus split = read_text(options, preparation);
  if (!lock) begin();  // a new folder is not made before there is a text: typing one may be given up
  Setup setup = prepare_new(options, split, directory.cache(), events, preparation);
  write_sources(split, directory.sources());
  Run run(setup, directory, events);
  return keep_whole(directory, [&] { return run.go(); });
}

TrainResult resume_training(const std::filesystem::path& path, const ResumeOptions& changes,
                            const TrainEvents& events) {
  const Note note = note_of(events);
  RunDirectory directory(path);
  directory.require_existing();
  const RunLock lock(path);
  directory.hold(lock);
  Checkpoint checkpoint = read_newest_checkpoint(directory, note);
  directory.clean();
  TrainOptions options = read_options(directory, checkpoint, note);
  apply(changes, options);
  options.out = path.string();
  options.validate();
  require_text_there(options, directory.config());
  try {
    use_machine(options);
  } catch (const ConfigError& error) {
    throw ConfigError(directory.config().string() + ": " + error.what(),
                      error.hint().empty() ? "put back what was changed there" : error.hint());
  }
  Preparation preparation(events);
  const SplitCorpus split = read_text(options, preparation);
  if (split.digest() != checkpoint.figures.data_digest)
    throw DataError("the text is not the one that the run in " + path.string() + " began with" +
                        describe_changed_text(split, directory.sources()),
                    "bring the text back as it was, or begin a new run from its model: --init-from " + path.string());
  RunFigures figures = checkpoint.figures;
  refuse_changed_options(options, checkpoint.model, directory.config(), note);
  mend_best(directory, options, checkpoint.model, figures, note);
  Setup setup = prepare(std::move(options), split, std::move(checkpoint.model), Changeable::kNothing, directory.cache(),
                        note, preparation);
  Run run(setup, directory, events);
  TrainResult result = keep_whole(directory, [&] {
    write_sources(split, directory.sources());  // which may have gone with the cache, or been moved
    run.resume(figures, checkpoint.path);
    if (checkpoint.path == directory.previous_state()) rename_file(checkpoint.path, directory.state());
    if (checkpoint.path == directory.good_state())  // stays, as the place to go back to
      write_file(directory.state(), MappedFile(checkpoint.path).text());
    return run.go();
  });
  if (result.end != TrainEnd::kInterrupted && result.last.step == figures.step)
    note("the run had ended already: raise its limits (--epochs, --steps, --max-time, --patience) to go on");
  return result;
}

Preflight preflight(const TrainOptions& options, const TrainEvents& events) {
  options.validate();
  if (!options.out.empty()) {
    RunDirectory(options.out).refuse_existing();
    require_text_outside(options);
  }
  use_machine(options);
  require_memory_for_weights(options);
  Preparation preparation(events);
  const SplitCorpus split = read_text(options, preparation);
  // Files of the folder that are open stay readable.
  Setup setup = prepare_new(options, split, TemporaryFolder().path(), events, preparation);
  Learner learner(setup.options, setup.dataset.train, setup.model);
  using Clock = std::chrono::steady_clock;
  const auto stopped = [&] { return events.stop != nullptr && events.stop->load(); };

  learner.step(options.optimizer.lr);
  int64_t tokens = 0;
  int steps = 0;
  double seconds = 0;
  for (const auto begin = Clock::now(); steps < kMeasuredSteps && seconds < kMeasuredSeconds && !stopped(); ++steps) {
    tokens += learner.step(options.optimizer.lr).predictions;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  Preflight facts = setup.facts;
  if (steps == 0) return facts;
  facts.tokens_per_second = static_cast<double>(tokens) / std::max(seconds, 1e-9);
  facts.seconds = static_cast<double>(facts.total_steps) * seconds / steps;
  if (options.max_seconds > 0 && (facts.total_steps == 0 || facts.seconds > options.max_seconds))
    facts.seconds = options.max_seconds;
  return facts;
}

}  // namespace fude
