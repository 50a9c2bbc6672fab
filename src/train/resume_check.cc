#include "train/resume_check.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "data/input_files.h"
#include "fude/base/error.h"
#include "text/tokenizer_kinds.h"
#include "train/training_info.h"

namespace fude {
namespace {

struct Source {
  int64_t characters = 0;
  std::string digest;
};
using Sources = std::map<std::string, Source>;  // by name; a held-out file's begins with kHeldOut

constexpr const char* kHeldOut = "held out: ";

Sources sources_of(const SplitCorpus& split) {
  Sources sources;
  for (const Corpus* const corpus : split.corpora()) {
    const std::string before = corpus == &split.corpus() ? "" : kHeldOut;
    for (const FileInfo& file : corpus->info().sources)
      sources[before + absolute_input(file.name)] = {file.code_points, file.digest};
  }
  return sources;
}

Sources read_sources(const std::filesystem::path& path) {
  Sources sources;
  constexpr size_t kLargest = size_t{1} << 30;
  std::error_code unknown;
  const uintmax_t size = std::filesystem::file_size(path, unknown);
  if (!unknown && size > kLargest) throw FormatError(path.string() + " is too large");
  const MappedFile all(path);
  for (std::string_view text = all.text(); !text.empty();
       text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1)) {
    const Json line = parse_json(text.substr(0, text.find('\n')), path.string());
    sources[require<std::string>(line, "file", path.string())] = {require<int64_t>(line, "characters", path.string()),
                                                                  require<std::string>(line, "digest", path.string())};
  }
  return sources;
}

// The first of some things, and how many there are.
struct Found {
  std::string first;
  size_t count = 0;

  void add(const std::string& text) {
    if (count++ == 0) first = text;
  }
  std::string described(const std::string& before) const {
    if (count == 0) return {};
    return "; " + before + first + (count > 1 ? " (and " + std::to_string(count - 1) + " more)" : "");
  }
};

// Each value of `json` under its path, such as "optimizer.lr".
void flatten(const Json& json, const std::string& name, std::map<std::string, std::string>& values) {
  if (!json.is_object()) {
    values[name] = to_text(json);
    return;
  }
  for (const auto& item : json.items())
    flatten(item.value(), name.empty() ? item.key() : name + "." + item.key(), values);
}

// The options that may not change, by name.
std::map<std::string, std::string> fixed_options(TrainOptions options) {
  const TrainOptions none;
  // Names and places of files, whose content is held by digest and fingerprint.
  options.corpus.inputs = options.valid_inputs = {};
  options.out = {};
  if (find_tokenizer_kind(options.tokenizer.kind) == nullptr) options.tokenizer.kind = "a file";
  if (!options.init_from.empty()) options.init_from = "a model";
  options.epochs = none.epochs;
  options.steps = none.steps;
  options.max_seconds = none.max_seconds;
  options.patience = none.patience;
  options.rollbacks = none.rollbacks;
  options.sample_every = none.sample_every;
  options.sample_length = none.sample_length;
  options.save_seconds = none.save_seconds;
  options.threads = none.threads;
  options.backend = none.backend;
  options.precision = none.precision;
  std::map<std::string, std::string> values;
  flatten(parse_json(to_json(options), "options"), "", values);
  return values;
}

// "dropout is 0.5, not 0.1, ..."
std::string describe_difference(const std::map<std::string, std::string>& now,
                                const std::map<std::string, std::string>& before) {
  std::string changed;
  for (const auto& [name, value] : now) {
    if (before.at(name) != value)
      changed += (changed.empty() ? "" : ", ") + name + " is " + value + ", not " + before.at(name);
  }
  return changed;
}

// Those that a model was made with; `options` where no run has made it.
TrainOptions options_of_model(const TrainOptions& options, std::string_view training_info, const NetworkConfig& network,
                              const std::string& where) {
  const Json info = parse_json(training_info, where);
  TrainOptions made = options;
  if (info.contains("options")) made = train_options_from_json(to_text(info["options"]), where);
  made.network = network;
  return made;
}

}  // namespace

void write_sources(const SplitCorpus& split, const std::filesystem::path& path) {
  std::string lines;
  for (const auto& [name, source] : sources_of(split))
    lines += to_text({{"file", name}, {"characters", source.characters}, {"digest", source.digest}}) + "\n";
  write_file(path, lines);
}

std::string describe_changed_text(const SplitCorpus& split, const std::filesystem::path& path) {
  if (!file_exists(path)) return {};
  Sources before;
  const Sources now = sources_of(split);
  try {
    before = read_sources(path);
  } catch (const FormatError&) {
    return {};
  }
  Found changed, missing, added;
  for (const auto& [name, source] : before) {
    const auto found = now.find(name);
    if (found == now.end()) {
      missing.add(name);
    } else if (found->second.characters != source.characters) {
      changed.add(name + " has " + std::to_string(found->second.characters) + " characters instead of " +
                  std::to_string(source.characters));
    } else if (found->second.digest != source.digest) {
      changed.add(name + " has other text of the same length");
    }
  }
  for (const auto& [name, source] : now) {
    if (!before.contains(name)) added.add(name);
  }
  const std::string all = changed.described("") + missing.described("missing: ") + added.described("new: ");
  return all.empty() ? "; its files are the same, but come in another order or are divided otherwise" : all;
}

void require_text_there(const TrainOptions& options, const std::filesystem::path& config) {
  namespace fs = std::filesystem;
  for (const auto* const inputs : {&options.corpus.inputs, &options.valid_inputs}) {
    for (const std::string& input : *inputs) {
      std::error_code error;
      const fs::file_status status = fs::status(input, error);
      if (input == "-" || input == "/dev/stdin" || input.starts_with("/dev/fd/")) continue;
      const bool is_pattern = input.find_first_of("*?[") != std::string::npos;
      if (status.type() == fs::file_type::not_found && !is_pattern)
        throw IoError(input + ", the text of the run in " + config.parent_path().string() + ", is not there",
                      "put it back, or write where it is now into " + config.string());
      if (!fs::is_other(status)) continue;
      throw IoError(
          config.string() + " names " + input + " as the run's text, which is a pipe or a device, not a file",
          "keep the text in a file and begin a new run from the model: --init-from " + config.parent_path().string());
    }
  }
}

void require_text_outside(const TrainOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path run = fs::canonical(options.out, error);
  if (error) return;
  for (const auto* const inputs : {&options.corpus.inputs, &options.valid_inputs}) {
    for (const std::string& file : find_input_files(*inputs).files) {
      if (std::find(inputs->begin(), inputs->end(), file) != inputs->end()) continue;
      const fs::path path = fs::canonical(file, error);
      if (std::mismatch(run.begin(), run.end(), path.begin(), path.end()).first != run.end()) continue;
      throw ConfigError(file + " is text to learn from, and in the folder that the run is to have, " + options.out +
                            ": what the run writes would be among its text when it goes on",
                        "give the run a folder of its own: --out " + (fs::path(options.out) / "run").string());
    }
  }
}

std::string describe_changed_options(const TrainOptions& options, std::string_view training_info,
                                     const NetworkConfig& network, const std::string& where) {
  const TrainOptions made = options_of_model(options, training_info, network, where);
  return describe_difference(fixed_options(options), fixed_options(made));
}

void refuse_changed_options(const TrainOptions& options, const LanguageModel& last, const std::filesystem::path& config,
                            const Note& note) {
  const std::string where = config.parent_path().string() + ": the model's training information";
  const TrainOptions made = options_of_model(options, last.training_info(), last.config(), where);
  const std::string changed = describe_difference(fixed_options(options), fixed_options(made));
  if (!changed.empty())
    throw FormatError(config.string() + " is not as the run left it: " + changed,
                      "put back what was changed; other options are for a new run, with --init-from");
  const std::string rounded = describe_difference({{"backend", options.backend}, {"precision", options.precision}},
                                                  {{"backend", made.backend}, {"precision", made.precision}});
  if (!rounded.empty()) note(config.string() + ": " + rounded + ", so that the run goes on with other rounding");
}

}  // namespace fude
