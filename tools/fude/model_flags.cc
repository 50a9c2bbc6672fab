#include "model_flags.h"

#include <filesystem>

#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "text/tokenizer_file.h"
#include "usage_error.h"
#include "version.h"

namespace fude {
namespace {

// A run that is there to be used, for the hint; empty: none.
std::string some_run() {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path newest;
  fs::file_time_type newest_time;
  for (fs::directory_iterator entry("runs", error), end; !error && entry != end; entry.increment(error)) {
    std::error_code no_model;
    const fs::file_time_type time = fs::last_write_time(entry->path() / "best.safetensors", no_model);
    if (no_model || (!newest.empty() && time <= newest_time)) continue;
    newest = entry->path();
    newest_time = time;
  }
  return newest.string();
}

}  // namespace

void ModelFlags::add_to(Flags& flags) {
  flags.section("Model");
  flags.add("model", {"m"}, "FILE|RUN", bind(model), "a model file, or the folder of a training run");
  flags.add("tokenizer", {}, "FILE", bind(tokenizer),
            "a file of `fude tokenizer train`, for a model that has no tokenizer inside");
  flags.not_from_environment();
  flags.add("threads", {}, "N", bind(threads), "0: one a core");
  flags.add("backend", {}, "WORD", bind(backend), kBackendHelp);
}

LanguageModel ModelFlags::load(std::vector<std::string>& positionals) {
  if (model.empty() && !positionals.empty()) {
    model = positionals.front();
    positionals.erase(positionals.begin());
  }
  if (model.empty()) {
    const std::string run = some_run();
    throw UsageError("no model given", run.empty() ? "make one with `fude train FILE`, then name it with --model"
                                                   : "name one: --model " + run);
  }
  set_threads(threads);
  set_backend(backend);
  say_backend_hint();
  if (tokenizer.empty()) return LanguageModel::load(model);
  return LanguageModel::load(model, open_tokenizer(tokenizer));
}

std::vector<std::string> ModelFlags::files() const {
  std::vector<std::string> files = {find_model(model).string()};
  if (!tokenizer.empty()) files.push_back(tokenizer);
  return files;
}

void require_no_more(const std::vector<std::string>& positionals) {
  if (positionals.empty()) return;
  throw UsageError("unexpected argument " + positionals.front(), "quote a text that has spaces in it");
}

}  // namespace fude
