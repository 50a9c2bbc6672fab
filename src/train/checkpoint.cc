#include "train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/json.h"
#include "fude/base/error.h"
#include "model/model_file.h"
#include "train/log.h"

namespace fude {
namespace {

constexpr int kStateVersion = 2;
// No count of a run comes near these, and to go on from them is safe.
constexpr int64_t kMostCounted = int64_t{1} << 53;
constexpr int kMostEvaluations = 1 << 30;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Json to_json(const RunFigures& figures) {
  return {
      {"step", figures.step},
      {"tokens", figures.tokens},
      {"cursor", {figures.cursor.epoch, figures.cursor.offset, figures.cursor.window}},
      {"plateau_lr", figures.plateau.lr},
      {"plateau_best", number_or_null(figures.plateau.best)},
      {"plateau_bad", figures.plateau.bad},
      {"best_loss", number_or_null(figures.best_loss)},
      {"bad_evaluations", figures.bad_evaluations},
      {"evaluation_pending", figures.evaluation_pending},
      {"sample_pending", figures.sample_pending},
      {"loss_sum", figures.loss_sum},
      {"loss_tokens", figures.loss_tokens},
      {"recent_loss", figures.recent_loss},
      {"lr", figures.lr},
      {"grad_norm", figures.grad_norm},
      {"seconds", figures.seconds},
      {"loss_seconds", figures.loss_seconds},
      {"recent_grad_norm", figures.spikes.recent_grad_norm},
      {"skips", figures.spikes.skips},
      {"skipped", figures.spikes.skipped},
      {"rollbacks", figures.spikes.rollbacks},
      {"best", figures.best ? to_json(*figures.best) : Json(nullptr)},
      {"log_size", figures.files.log},
      {"samples_size", figures.files.samples},
      {"data_digest", figures.data_digest},
  };
}

RunFigures figures_from_json(const Json& json, const std::string& where) {
  RunFigures figures;
  figures.step = require<int64_t>(json, "step", where);
  figures.tokens = require<int64_t>(json, "tokens", where);
  const auto cursor = require<std::vector<int64_t>>(json, "cursor", where);
  if (cursor.size() != 3) throw FormatError(where + ": \"cursor\" must have 3 numbers");
  figures.cursor = {cursor[0], cursor[1], cursor[2]};
  figures.plateau.lr = require<double>(json, "plateau_lr", where);
  figures.plateau.best = number_or(json, "plateau_best", kInfinity, where);
  figures.plateau.bad = require<int>(json, "plateau_bad", where);
  figures.best_loss = number_or(json, "best_loss", kInfinity, where);
  figures.bad_evaluations = require<int>(json, "bad_evaluations", where);
  figures.evaluation_pending = require<bool>(json, "evaluation_pending", where);
  figures.loss_sum = require<double>(json, "loss_sum", where);
  figures.loss_tokens = require<int64_t>(json, "loss_tokens", where);
  figures.recent_loss = require<double>(json, "recent_loss", where);
  figures.lr = require<double>(json, "lr", where);
  figures.grad_norm = require<double>(json, "grad_norm", where);
  figures.seconds = require<double>(json, "seconds", where);
  figures.loss_seconds = require<double>(json, "loss_seconds", where);
  figures.sample_pending = require<bool>(json, "sample_pending", where);
  figures.spikes.recent_grad_norm = require<double>(json, "recent_grad_norm", where);
  figures.spikes.skips = require<std::vector<int64_t>>(json, "skips", where);
  figures.spikes.skipped = require<int64_t>(json, "skipped", where);
  figures.spikes.rollbacks = require<int>(json, "rollbacks", where);
  if (const Json best = require<Json>(json, "best", where); !best.is_null()) {
    figures.best = record_from_json(best, where + ": best");
    figures.best->best = true;
  }
  figures.files.log = require<int64_t>(json, "log_size", where);
  figures.files.samples = require<int64_t>(json, "samples_size", where);
  figures.data_digest = require<std::string>(json, "data_digest", where);
  const auto check = [&](int64_t count, int64_t most) {
    if (count < 0 || count > most) throw FormatError(where + ": a count of " + std::to_string(count));
  };
  for (const int64_t count : {figures.step, figures.tokens, figures.loss_tokens, cursor[0], cursor[1], cursor[2],
                              figures.files.log, figures.files.samples})
    check(count, kMostCounted);
  for (const int64_t count : figures.spikes.skips) check(count, kMostCounted);
  check(figures.spikes.skipped, kMostCounted);
  for (const int count : {figures.plateau.bad, figures.bad_evaluations, figures.spikes.rollbacks})
    check(count, kMostEvaluations);
  return figures;
}

const std::string& entry(const SafetensorsFile& file, const char* key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end())
    throw FormatError(file.where() + ": not the state of a training run (no \"" + key + "\")");
  return found->second;
}

// Whole, but of another version: to go back from it would lose it.
class VersionError : public FormatError {
 public:
  using FormatError::FormatError;
};

// Leaves the content of a file of this version to be checked when its model is read.
void check_version(const SafetensorsFile& file) {
  const bool first = file.metadata().contains("format") && file.metadata().at("format") == "fude-state";
  const std::string version = first ? "1" : entry(file, "state_version");
  if (version == std::to_string(kStateVersion)) return;
  if (!first) check_content(file);  // in the first version a checksum meant something else
  throw VersionError(
      file.where() + ": state of version " + version + ", this program reads version " + std::to_string(kStateVersion),
      "resume with the version of Fude that began the run");
}

void check_arrays(const SafetensorsFile& file, const std::vector<NamedSpan>& arrays) {
  for (const NamedSpan& array : arrays) {
    const std::string where = file.where() + ": \"" + array.name + "\"";
    const std::vector<float> values = file.at(array.name).values<float>(where);
    if (values.size() != array.values.size())
      throw FormatError(where + " has " + std::to_string(values.size()) + " values, expected " +
                        std::to_string(array.values.size()));
    if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
      throw FormatError(where + " holds a value that is not a finite number");
  }
}

}  // namespace

void write_checkpoint(AtomicFile& file, const LanguageModel& model, const std::string& config,
                      const RunFigures& figures, const std::vector<NamedSpan>& arrays) {
  std::vector<NamedTensor> tensors;
  for (const NamedSpan& array : arrays)
    tensors.push_back(named_tensor<float>(array.name, {static_cast<int64_t>(array.values.size())}, array.values));
  write_model_file(file, model.network(), model.tokenizer(),
                   {{"training", model.training_info()},
                    {"state_version", std::to_string(kStateVersion)},
                    {"figures", to_text(to_json(figures))},
                    {"run", config}},
                   tensors);
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  check_version(file);
  LanguageModel model = LanguageModel::load(file);
  const std::string where = file.where() + ": figures";
  return {path, std::move(model), entry(file, "run"),
          figures_from_json(parse_json(entry(file, "figures"), where), where)};
}

void check_checkpoint_arrays(const std::filesystem::path& path, const std::vector<NamedSpan>& arrays) {
  check_arrays(SafetensorsFile(path), arrays);
}

void read_checkpoint_arrays(const std::filesystem::path& path, const std::vector<NamedSpan>& arrays) {
  const SafetensorsFile file(path);
  check_arrays(file, arrays);
  for (const NamedSpan& array : arrays) {
    const std::vector<float> values = file.at(array.name).values<float>(array.name);
    std::copy(values.begin(), values.end(), array.values.begin());
  }
}

Checkpoint read_newest_checkpoint(const RunDirectory& directory, const Note& note) {
  std::string trouble = directory.state().string() + " is missing";
  if (file_exists(directory.state())) {
    try {
      return read_checkpoint(directory.state());
    } catch (const VersionError&) {
      throw;
    } catch (const FormatError& error) {
      trouble = error.what();
    }
  }
  std::optional<Checkpoint> newest;
  std::string also;
  for (const std::filesystem::path& path : {directory.previous_state(), directory.good_state()}) {
    if (!file_exists(path)) continue;
    try {
      Checkpoint checkpoint = read_checkpoint(path);
      if (!newest || checkpoint.figures.step > newest->figures.step) newest.emplace(std::move(checkpoint));
    } catch (const FormatError& error) {
      also += std::string("; ") + error.what();
    }
  }
  if (!newest) throw FormatError(trouble + also, "its models can be the start of another run: --init-from");
  note(trouble + "; going on from " + newest->path.filename().string() + ", of step " +
       std::to_string(newest->figures.step));
  return *std::move(newest);
}

}  // namespace fude
