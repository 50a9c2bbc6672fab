// What the commands that use a model have in common: which model, how many threads.
#pragma once

#include <string>
#include <vector>

#include "flags.h"
#include "fude/model/language_model.h"

namespace fude {

// The help of --backend.
inline constexpr char kBackendHelp[] = "of matrix products: auto | openblas | onednn";

struct ModelFlags {
  std::string model;
  std::string tokenizer;  // a file of `fude tokenizer train`; empty: the one in the model
  int threads = 0;
  std::string backend = "auto";

  void add_to(Flags& flags);
  // --model, or else the first of `positionals`, which is then taken from them. UsageError when there is neither.
  LanguageModel load(std::vector<std::string>& positionals);
  // Those that load() has read.
  std::vector<std::string> files() const;
};

// UsageError when a positional argument is left that the command has no use for.
void require_no_more(const std::vector<std::string>& positionals);

}  // namespace fude
