#include "eval/evaluate_store.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "data/batcher.h"
#include "fude/base/error.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace fude {
namespace {

// A stream's share is at least so many warm-ups long, so that they cost little.
constexpr int64_t kLeastWarmUps = 4;
// The store cut into streams that are read side by side. Position p is the prediction of token p from token p - 1, and
// of the first token from <eos>.
class Streams {
 public:
  Streams(const TokenStore& store, TokenId eos, const EvaluateStoreOptions& options)
      : store_(&store), eos_(eos), options_(options) {
    const int64_t predictions = options_.predictions(store);
    if (options.warm_up > 0) {
      const int64_t most = std::max<int64_t>(1, predictions / (kLeastWarmUps * options.warm_up));
      options_.batch_size = static_cast<int>(std::min<int64_t>(options.batch_size, most));
    }
    options_.batch_size = static_cast<int>(std::min<int64_t>(options_.batch_size, predictions));
    if (options_.batch_size == 1) options_.warm_up = 0;
    longest_ = (predictions + options_.batch_size - 1) / options_.batch_size + options_.warm_up;
  }

  int batch_size() const { return options_.batch_size; }

  // False at the end.
  bool next(Batch& batch) {
    batch.steps = static_cast<int>(std::min<int64_t>(options_.seq_length, longest_ - offset_));
    if (batch.steps <= 0) return false;
    batch.batch_size = options_.batch_size;
    const size_t size = static_cast<size_t>(batch.steps) * static_cast<size_t>(batch.batch_size);
    batch.inputs.assign(size, eos_);
    batch.targets.assign(size, Batch::kIgnore);
    batch.reset.assign(size, 0);
    batch.predictions = 0;
    for (int stream = 0; stream < batch.batch_size; ++stream) fill_stream(batch, stream);
    offset_ += batch.steps;
    return true;
  }

 private:
  void fill_stream(Batch& batch, int stream) {
    const int64_t predictions = options_.predictions(*store_);
    const int64_t share_begin = stream * predictions / batch.batch_size;
    const int64_t share_end = (stream + 1) * predictions / batch.batch_size;
    // Positions of this window: the first stream has nothing before its share, a short stream nothing behind it.
    const int64_t window_begin = share_begin - options_.warm_up + offset_;
    const int64_t begin = std::clamp<int64_t>(window_begin, 0, share_end);
    const int64_t end = std::clamp<int64_t>(window_begin + batch.steps, begin, share_end);
    if (begin == end) return;
    // Inputs and targets overlap: one token more than positions, but for the very first.
    tokens_.assign(static_cast<size_t>(end - begin) + 1, eos_);
    const size_t missing = begin == 0 ? 1 : 0;
    store_->read(begin - 1 + static_cast<int64_t>(missing), std::span(tokens_).subspan(missing));
    const auto cell = [&](int64_t position) {
      return static_cast<size_t>((position - window_begin) * batch.batch_size + stream);
    };
    for (int64_t position = begin; position < end; ++position) {
      const auto k = static_cast<size_t>(position - begin);
      batch.inputs[cell(position)] = tokens_[k];
      if (position < share_begin) continue;
      batch.targets[cell(position)] = tokens_[k + 1];
      batch.predictions += 1;
    }
    if (begin == 0) batch.reset[cell(0)] = 1;
    if (!options_.reset_at_documents) return;
    const auto ends = store_->document_ends();
    // At the position of a document's first token, the input is the <eos> before it: there its own state begins.
    for (auto it = std::lower_bound(ends.begin(), ends.end(), static_cast<uint64_t>(begin));
         it != ends.end() && *it < static_cast<uint64_t>(end); ++it)
      batch.reset[cell(static_cast<int64_t>(*it))] = 1;
  }

  const TokenStore* store_;
  TokenId eos_;
  EvaluateStoreOptions options_;
  int64_t longest_ = 0;  // steps of the longest stream, warm-up included
  int64_t offset_ = 0;   // steps given so far
  std::vector<TokenId> tokens_;
};

}  // namespace

Evaluation evaluate_store(const LanguageModel& model, const TokenStore& store, const EvaluateStoreOptions& options,
                          const std::atomic<bool>* stop) {
  if (store.size() < 2)
    throw DataError("at least 2 tokens are needed to evaluate, got " + std::to_string(store.size()));
  if (store.vocab_size() != model.config().vocab_size)
    throw DataError("the tokens are of a vocabulary of " + std::to_string(store.vocab_size()) + ", the model's has " +
                    std::to_string(model.config().vocab_size));
  Evaluation result;
  Streams streams(store, model.tokenizer().eos(), options);
  Workspace<float> workspace;
  NetworkState<float> state = model.network().make_state(streams.batch_size());
  Batch batch;
  while (!(stop != nullptr && stop->load()) && streams.next(batch)) {
    const Window window{batch.steps, batch.batch_size, batch.inputs.data(), batch.targets.data(), batch.reset.data()};
    result.nats += model.network().forward(window, state, Logits::kNone, workspace);
    result.tokens += batch.predictions;
  }
  return result;
}

}  // namespace fude
