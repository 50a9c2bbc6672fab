// Everything between the options and the first step: text, tokenizer, tokens, model, plan.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "fude/model/language_model.h"
#include "fude/train/trainer.h"
#include "train/memory_limit.h"
#include "train/plan.h"
#include "train/preparation.h"
#include "train/run_directory.h"

namespace fude {

struct Setup {
  TrainOptions options;     // as they run: batch fitted to the text, network as it is
  std::string data_digest;  // SplitCorpus::digest
  Dataset dataset;
  LanguageModel model;
  int64_t fallback_tokens = 0;  // of the training part: byte fallback or <unk>
  bool fallback_seen = false;   // the model learned to write such tokens, now or before
  TextSize text_size;           // of what the figures are about: the part held out, or else all that is learned
  RunPlan plan;
  Preflight facts;
};

// `start`: a model to go on from, whose tokenizer and network count instead of those in `options`. The tokens are kept
// in `cache`. DataError when there is nothing to learn from; MemoryError with what is `changeable`.
Setup prepare(TrainOptions options, const SplitCorpus& split, std::optional<LanguageModel> start, Changeable changeable,
              const std::filesystem::path& cache, const Note& note, Preparation& preparation);

}  // namespace fude
