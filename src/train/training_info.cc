#include "train/training_info.h"

#include <vector>

#include "base/json.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/tokenizer_kinds.h"
#include "train/log.h"

namespace fude {
namespace {

std::string last_part(const std::string& path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  return (normal.has_filename() ? normal : normal.parent_path()).filename().string();
}

// Applies `change` to every path of the options that names text, a model or a tokenizer.
template <class Change>
TrainOptions with_paths(TrainOptions options, const Change& change) {
  for (std::string& input : options.corpus.inputs) input = change(input);
  for (std::string& input : options.valid_inputs) input = change(input);
  options.init_from = change(options.init_from);
  if (find_tokenizer_kind(options.tokenizer.kind) == nullptr) options.tokenizer.kind = change(options.tokenizer.kind);
  return options;
}

Json options_json(const TrainOptions& options) { return parse_json(to_json(options), "options"); }

}  // namespace

std::string training_info(const Setup& setup, const EvaluationRecord& now,
                          const std::optional<EvaluationRecord>& best) {
  TrainOptions options = with_paths(setup.options, last_part);
  options.out.clear();
  options.threads = 0;
  Json info = {{"fude", FUDE_VERSION},
               {"fallback_seen", setup.fallback_seen},
               {"corpus",
                {{"digest", setup.facts.corpus.digest},
                 {"documents", setup.facts.corpus.documents},
                 {"bytes", setup.facts.corpus.bytes},
                 {"code_points", setup.facts.corpus.code_points}}},
               {"step", now.step},
               {"epoch", now.epoch},
               {"tokens", now.tokens},
               {"best", nullptr},
               {"options", options_json(options)}};
  if (best) {
    Json figures = to_json(*best);
    for (const char* const key : {"seconds", "tokens_per_s"}) figures.erase(key);
    info["best"] = figures;
  }
  return to_text(info);
}

std::string run_config(const Setup& setup) {
  const Preflight& facts = setup.facts;
  const TrainOptions options = with_paths(setup.options, absolute_input);
  return to_pretty_text({{"fude", FUDE_VERSION},
                         {"options", options_json(options)},
                         {"corpus",
                          {{"digest", facts.corpus.digest},
                           {"files", facts.corpus.files},
                           {"documents", facts.corpus.documents},
                           {"bytes", facts.corpus.bytes},
                           {"code_points", facts.corpus.code_points},
                           {"train_tokens", facts.train_tokens},
                           {"valid_tokens", facts.valid_tokens}}},
                         {"parameters", facts.parameters},
                         {"steps_per_epoch", facts.steps_per_epoch},
                         {"total_steps", facts.total_steps}});
}

std::string absolute_input(const std::string& path) {
  return path.empty() || path == "-" ? path : std::filesystem::absolute(path).lexically_normal().string();
}

void require_paths_in_utf8(const TrainOptions& options) {
  with_paths(options, [](const std::string& path) {
    if (find_invalid_utf8(absolute_input(path)) != kValidUtf8)
      throw IoError("the name of " + path + " is not UTF-8, so that the run could not be resumed",
                    "rename it, or name the folder that it is in");
    return path;
  });
}

TrainOptions options_of_run(std::string_view config, const std::string& where) {
  const Json json = parse_json(config, where);
  TrainOptions options = train_options_from_json(to_text(require<Json>(json, "options", where)), where);
  try {
    options.validate();
  } catch (const ConfigError& error) {
    throw FormatError(where + ": " + error.what(), error.hint());
  }
  return options;
}

}  // namespace fude
