#include "train/setup.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/memory.h"
#include "base/numbers.h"
#include "data/batcher.h"
#include "eval/evaluate_store.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/eval/evaluate.h"
#include "fude/text/unicode.h"
#include "train/memory_limit.h"
#include "train/precision.h"

namespace fude {
namespace {

// Tokens read at a time.
constexpr int64_t kChunk = 1 << 16;

// A model of a text that never changes would be right about everything and know nothing.
void refuse_unlearnable(const SplitCorpus& split) {
  std::string first;
  bool distinct = false;
  split.train()([&](std::string_view document) {
    for (size_t offset = 0; offset < document.size() && !distinct;) {
      const size_t begin = offset;
      next_code_point(document, offset);
      const std::string_view character = document.substr(begin, offset - begin);
      if (first.empty()) first = character;
      distinct = character != first;
    }
  });
  if (distinct) return;
  if (first.empty())
    throw DataError("the training part of the text is empty", "give more text, or hold out less of it (--val-frac 0)");
  size_t begin = 0;
  const std::string name = code_point_name(next_code_point(first, begin));
  throw DataError("the training part of the text has only one distinct character (" + name + "): nothing to learn",
                  "give more text, or hold out less of it (--val-frac 0)");
}

// Tokens of the store that stand for no symbol of their own.
int64_t count_fallback(const Tokenizer& tokenizer, const TokenStore& store) {
  std::vector<bool> fallback(static_cast<size_t>(tokenizer.vocab_size()));
  for (size_t id = 0; id < fallback.size(); ++id) fallback[id] = tokenizer.is_fallback(static_cast<TokenId>(id));
  int64_t count = 0;
  std::vector<TokenId> ids;
  for (int64_t begin = 0; begin < store.size(); begin += kChunk) {
    ids.resize(static_cast<size_t>(std::min(kChunk, store.size() - begin)));
    store.read(begin, ids);
    count += std::count_if(ids.begin(), ids.end(), [&](TokenId id) { return fallback[static_cast<size_t>(id)]; });
  }
  return count;
}

std::string batch_text(const BatchOptions& batch) {
  return std::to_string(batch.batch_size) + " x " + std::to_string(batch.seq_length) + " tokens";
}

Preflight collect_facts(const Setup& setup, const SplitCorpus& split) {
  Preflight facts;
  facts.corpus = split.corpus().info();
  facts.train_tokens = setup.dataset.train.size();
  facts.valid_tokens = setup.dataset.valid ? setup.dataset.valid->size() : 0;
  facts.vocab_size = setup.model.config().vocab_size;
  facts.network = setup.model.config();
  facts.parameters = setup.model.parameter_count();
  facts.precision = setup.options.precision;
  facts.batch_size = setup.options.batch.batch_size;
  facts.seq_length = setup.options.batch.seq_length;
  facts.steps_per_epoch = setup.plan.steps_per_epoch;
  facts.total_steps = setup.plan.total_steps;
  return facts;
}

}  // namespace

Setup prepare(TrainOptions options, const SplitCorpus& split, std::optional<LanguageModel> start, Changeable changeable,
              const std::filesystem::path& cache, const Note& note, Preparation& preparation) {
  for (const Corpus* corpus : split.corpora()) {
    for (const std::string& line : describe_sources(corpus->info())) note(line);
    if (const std::string found = describe_found(corpus->info()); !found.empty()) note(found);
    if (const std::string invalid = describe_invalid(corpus->info()); !invalid.empty()) note(invalid);
    if (const int64_t returns = corpus->info().carriage_returns; returns > 0)
      note(counted(returns, "carriage return") + " (Windows line ends) will be learned: `fude prep` makes them LF");
  }
  refuse_unlearnable(split);
  if (!start) preparation.begin("learning the vocabulary");
  std::shared_ptr<const Tokenizer> tokenizer =
      start ? start->shared_tokenizer() : train_tokenizer(options.tokenizer, split.train());
  preparation.begin("encoding the text");
  Dataset dataset = make_dataset(split, *tokenizer, cache);
  if (!dataset.cache_note.empty()) note("the text was encoded anew: " + dataset.cache_note);

  if (const std::string why = why_not_comparable(*tokenizer); !why.empty()) note(why);
  const int64_t fallback_tokens = count_fallback(*tokenizer, dataset.train);
  // In a text that `whitespace` learned its words from, <unk> stands as it is.
  const bool learned_here = !start && tokenizer->splits_on_whitespace();
  if (tokenizer->loses_text() && !learned_here && fallback_tokens > 0)
    note("the tokenizer does not know some of this text: " + with_commas(fallback_tokens) + " of " +
         with_commas(dataset.train.size()) + " tokens are <unk>, and what they stood for is not learned");
  const bool fallback_seen = start ? start->fallback_seen() : fallback_tokens > 0 && tokenizer->writes_fallback();
  if (start) options.network = start->config();
  if (const double lr = std::exchange(options.many_characters_lr, 0);
      lr > 0 && tokenizer->vocab_size() > kManyCharacters) {
    note(with_commas(tokenizer->vocab_size()) + " characters: learning rate " + short_number(lr) + " instead of " +
         short_number(options.optimizer.lr) + " (--lr overrules)");
    options.optimizer.lr = lr;
  }
  if (!dataset.valid)
    note("nothing is held out: the last model is taken for the best, and only training loss is known");

  const BatchOptions fitted = fit_batch(options.batch, dataset.train.size());
  if (fitted.batch_size != options.batch.batch_size || fitted.seq_length != options.batch.seq_length)
    note("the text is short (" + with_commas(dataset.train.size()) + " tokens): batches of " + batch_text(fitted) +
         " instead of " + batch_text(options.batch));
  options.batch = fitted;
  options.batch.seed = derive_seed(options.seed, "windows");
  options.network.vocab_size = tokenizer->vocab_size();
  options.precision = resolve_precision(options.precision, options.network);
  const RunPlan plan = plan_run(options, Batcher(dataset.train, options.batch).windows_per_epoch());
  const int64_t measured =
      dataset.valid ? EvaluateStoreOptions{.most_tokens = options.eval_tokens}.predictions(*dataset.valid) : 0;
  if (dataset.valid && measured < dataset.valid->size())
    note("evaluations read the first " + with_commas(measured) + " of " + with_commas(dataset.valid->size()) +
         " held-out tokens (--eval-tokens 0: all of them)");
  const int64_t there = start ? static_cast<int64_t>(sizeof(float)) * start->parameter_count() : 0;
  const std::string tight = require_memory(options, dataset.valid.has_value(), there, changeable);
  if (!tight.empty()) note(tight);
  // The program is there already, and the text.
  const int64_t memory = resident_bytes() + estimate_memory(options, dataset.valid.has_value()) - there;
  const TextSize text_size = dataset.valid ? measure_text(*tokenizer, *dataset.valid, 0, measured)
                                           : measure_text(*tokenizer, dataset.train, 1, dataset.train.size());

  LanguageModel model =
      start ? std::move(*start)
            : LanguageModel(options.network, tokenizer, derive_seed(options.seed, "weights"), options.initialization);
  Setup setup{std::move(options),
              split.digest(),
              std::move(dataset),
              std::move(model),
              fallback_tokens,
              fallback_seen,
              text_size,
              plan,
              {}};
  setup.facts = collect_facts(setup, split);
  setup.facts.memory_bytes = memory;
  return setup;
}

}  // namespace fude
