#include "eval/evaluate_store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/token_store.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

LanguageModel byte_model() {
  TokenizerOptions options;
  options.kind = "byte";
  NetworkConfig config{.embed_size = 8, .hidden_size = 12, .num_layers = 2};
  return LanguageModel(config, train_tokenizer(options, [](const TextSink& sink) { sink("x"); }), 3);
}

std::vector<TokenId> some_tokens(int count) {
  Random random(5);
  std::vector<TokenId> ids;
  for (int k = 0; k < count; ++k) ids.push_back(1 + static_cast<TokenId>(random.below(200)));
  return ids;
}

// Documents end at the positions given and at the end.
TokenStore store_of(const TempDir& dir, int vocab_size, const std::vector<TokenId>& ids,
                    std::vector<size_t> ends = {}) {
  TokenStoreWriter writer(dir / "test.tokens", vocab_size, "test");
  ends.push_back(ids.size());
  size_t begin = 0;
  for (const size_t end : ends) {
    writer.append(std::span(ids).subspan(begin, end - begin));
    writer.end_document();
    begin = end;
  }
  writer.commit();
  return TokenStore(dir / "test.tokens");
}

// From a zero state; the first token is read only.
double read_once(const LanguageModel& model, std::span<const TokenId> ids) {
  State state = model.start();
  double nats = 0;
  for (const double value : model.feed(ids, state, {})) nats -= std::isnan(value) ? 0 : value;
  return nats;
}

double read_after_eos(const LanguageModel& model, std::vector<TokenId> ids) {
  ids.insert(ids.begin(), model.tokenizer().eos());
  return read_once(model, ids);
}

TEST(EvaluateStore, OneStream_IsTheExactFigure) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  const std::vector<TokenId> ids = some_tokens(1001);
  const TokenStore store = store_of(dir, model.config().vocab_size, ids);
  for (const int window : {1, 7, 128, 5000}) {
    const Evaluation result = evaluate_store(model, store, {.seq_length = window});
    EXPECT_EQ(result.tokens, 1001);
    EXPECT_NEAR(result.nats, read_after_eos(model, ids), 1e-2) << window;
  }
}

TEST(EvaluateStore, ManyStreams_CountEachTokenOnceAndComeNear) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  const std::vector<TokenId> ids = some_tokens(3001);
  const TokenStore store = store_of(dir, model.config().vocab_size, ids);
  const double exact = read_after_eos(model, ids);
  const Evaluation warm = evaluate_store(model, store, {.seq_length = 50, .batch_size = 7, .warm_up = 64});
  const Evaluation cold = evaluate_store(model, store, {.seq_length = 50, .batch_size = 7, .warm_up = 0});
  EXPECT_EQ(warm.tokens, 3001);
  EXPECT_EQ(cold.tokens, 3001);
  EXPECT_NEAR(warm.nats, exact, 1e-3 * exact);
  EXPECT_GT(std::abs(cold.nats - exact), 2 * std::abs(warm.nats - exact));
}

TEST(EvaluateStore, MoreStreamsThanTokens_ReadsThemAll) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  const std::vector<TokenId> ids = {4, 9, 2};
  const TokenStore store = store_of(dir, model.config().vocab_size, ids);
  EXPECT_EQ(evaluate_store(model, store, {.batch_size = 32}).tokens, 3);
  EXPECT_EQ(evaluate_store(model, store, {.batch_size = 32, .warm_up = 0}).tokens, 3);
  EXPECT_NEAR(evaluate_store(model, store, {.batch_size = 32}).nats, read_after_eos(model, ids), 1e-4);
}

TEST(EvaluateStore, ResetAtDocuments_ReadsEachFromAnEmptyState) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  const std::vector<TokenId> ids = some_tokens(300);
  const TokenStore store = store_of(dir, model.config().vocab_size, ids, {120, 121});
  // The last token of a document (an <eos> in a corpus) predicts the first of the next one, from an empty state.
  const std::span<const TokenId> all(ids);
  const std::vector<TokenId> first(ids.begin(), ids.begin() + 120);
  const double expected =
      read_after_eos(model, first) + read_once(model, all.subspan(119, 2)) + read_once(model, all.subspan(120));
  EvaluateStoreOptions options;
  options.reset_at_documents = true;
  const double got = evaluate_store(model, store, options).nats;
  EXPECT_NEAR(got, expected, 1e-2);
  EXPECT_GT(std::abs(read_after_eos(model, ids) - expected), 1e-3);
}

TEST(EvaluateStore, MostTokens_AreTheFirstOnes) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  const std::vector<TokenId> ids = some_tokens(300);
  const TokenStore store = store_of(dir, model.config().vocab_size, ids);
  for (const int streams : {1, 8}) {
    const Evaluation result = evaluate_store(model, store, {.batch_size = streams, .warm_up = 8, .most_tokens = 100});
    EXPECT_EQ(result.tokens, 100);
    const std::vector<TokenId> first(ids.begin(), ids.begin() + 100);
    EXPECT_NEAR(result.nats, read_after_eos(model, first), streams == 1 ? 1e-3 : 1.0);
  }
  EXPECT_EQ(evaluate_store(model, store, {.most_tokens = 1000}).tokens, 300);
}

TEST(EvaluateStore, Stop_EndsEarly) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  const TokenStore store = store_of(dir, model.config().vocab_size, some_tokens(300));
  const std::atomic<bool> stop = true;
  EXPECT_EQ(evaluate_store(model, store, {}, &stop).tokens, 0);
}

TEST(EvaluateStore, WrongStore_IsADataError) {
  const TempDir dir;
  const LanguageModel model = byte_model();
  EXPECT_THROW(evaluate_store(model, store_of(dir, model.config().vocab_size, {}), {}), DataError);
  EXPECT_THROW(evaluate_store(model, store_of(dir, 1000, {5, 6}), {}), DataError);
}

}  // namespace
}  // namespace fude
