#include "fude/eval/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

#include "base/file.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

// Fresh weights with recurrent ones large enough that the state matters.
LanguageModel some_model(const std::string& kind, const std::string& text) {
  TokenizerOptions options;
  options.kind = kind;
  NetworkConfig config{.embed_size = 8, .hidden_size = 12, .num_layers = 1};
  return LanguageModel(config, train_tokenizer(options, [&](const TextSink& sink) { sink(text); }), 3);
}

const std::string kText = "Ein Lied, ein Glas, und dann — genug. 「もう一杯」とは言わない。\n";

double log_prob(const std::vector<float>& logits, TokenId id) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
  return static_cast<double>(logits[static_cast<size_t>(id)]) - std::log(sum);
}

TEST(Evaluate, Text_IsWhatStepByStepGives) {
  const LanguageModel model = some_model("char", kText);
  std::vector<TokenId> ids = model.tokenizer().encode(kText);
  ids.insert(ids.begin(), model.tokenizer().eos());
  ids.push_back(model.tokenizer().eos());
  State state = model.start();
  std::vector<float> logits(static_cast<size_t>(model.config().vocab_size));
  double nats = 0;
  for (size_t k = 0; k + 1 < ids.size(); ++k) {
    model.step({&ids[k], 1}, state, logits);
    nats -= log_prob(logits, ids[k + 1]);
  }
  const Evaluation result = evaluate(model, kText);
  EXPECT_EQ(result.tokens, static_cast<int64_t>(ids.size()) - 1);
  EXPECT_NEAR(result.nats, nats, 1e-3);
  EXPECT_NEAR(result.perplexity(), std::exp(nats / static_cast<double>(result.tokens)), 1e-3);
}

TEST(Evaluate, WeightsThatOverflow_ANumericError) {
  const TempDir folder;
  const auto path = folder / "model.safetensors";
  some_model("char", kText).save(path);
  std::string bytes = read_file(path);
  bytes.replace(bytes.find("checksum"), 8, "nochecks");
  const float large = 3e38F;
  for (size_t at = bytes.size() - 4096; at + sizeof large <= bytes.size(); at += sizeof large)
    std::memcpy(bytes.data() + at, &large, sizeof large);
  write_file(path, bytes);
  EXPECT_THROW(evaluate(LanguageModel::load(path), kText), NumericError);
  EXPECT_THROW(score(LanguageModel::load(path), kText), NumericError);
}

TEST(Evaluate, Size_IsThatOfTheText) {
  for (const char* const kind : {"char", "byte", "word"}) {
    const Evaluation result = evaluate(some_model(kind, kText), kText);
    EXPECT_EQ(result.bytes, static_cast<int64_t>(kText.size())) << kind;
    EXPECT_EQ(result.code_points, 52) << kind;
    EXPECT_NEAR(result.bits_per_byte(), result.nats / std::numbers::ln2 / static_cast<double>(kText.size()), 1e-12);
    EXPECT_NEAR(result.bits_per_char(), result.bits_per_byte() * static_cast<double>(kText.size()) / 52, 1e-9);
  }
}

TEST(Evaluate, Documents_AreReadInOneBreath) {
  const LanguageModel model = some_model("char", kText);
  const Evaluation two = evaluate(model, [](const TextSink& sink) {
    sink("Ein Lied");
    sink("ein Glas");
  });
  EXPECT_EQ(two.tokens, 18);  // each with its end
  EXPECT_EQ(two.code_points, 16);
  const double apart = evaluate(model, "Ein Lied").nats + evaluate(model, "ein Glas").nats;
  EXPECT_NE(two.nats, apart);  // the second is read from the state that the first left
  EXPECT_NEAR(two.nats, apart, 1);
}

TEST(Evaluate, LongDocument_IsReadInChunksWithoutASeam) {
  const LanguageModel model = some_model("char", kText);
  std::string text;
  for (int k = 0; k < 200; ++k) text += kText;
  double nats = 0;
  for (const TokenScore& token : score(model, text)) nats -= token.log_prob;
  const Evaluation whole = evaluate(model, text);
  EXPECT_GT(whole.tokens, 10'000);
  EXPECT_DOUBLE_EQ(whole.nats, nats);
  State state = model.start();
  std::vector<float> logits(static_cast<size_t>(model.config().vocab_size));
  std::vector<TokenId> ids = model.tokenizer().encode(text);
  ids.insert(ids.begin(), model.tokenizer().eos());
  ids.push_back(model.tokenizer().eos());
  double fed = 0;
  for (const double value : model.feed(ids, state, {})) fed -= std::isnan(value) ? 0 : value;
  EXPECT_NEAR(whole.nats, fed, 1e-6 * fed);
}

TEST(Evaluate, NoText_IsADataError) {
  const LanguageModel model = some_model("char", kText);
  EXPECT_THROW(evaluate(model, ""), DataError);
  EXPECT_THROW(evaluate(model, [](const TextSink&) {}), DataError);
  EXPECT_THROW(score(model, ""), DataError);
}

TEST(Evaluation, NothingPredicted_IsNotANumber) {
  const Evaluation none;
  EXPECT_TRUE(std::isnan(none.loss()));
  EXPECT_TRUE(std::isnan(none.bits_per_char()));
}

TEST(Score, Tokens_AreThoseOfTheTextAndItsEnd) {
  const LanguageModel model = some_model("char", kText);
  const std::vector<TokenScore> scores = score(model, "Lied");
  ASSERT_EQ(scores.size(), 5u);
  EXPECT_EQ(scores[0].text, "L");
  EXPECT_EQ(scores[4].id, model.tokenizer().eos());
  double nats = 0;
  for (const TokenScore& token : scores) {
    EXPECT_LT(token.log_prob, 0);
    nats -= token.log_prob;
  }
  EXPECT_DOUBLE_EQ(evaluate(model, "Lied").nats, nats);
}

TEST(Score, Whitespace_EndsLinesByItself) {
  const LanguageModel model = some_model("whitespace", "to be\nor not\n");
  const std::vector<TokenScore> scores = score(model, "to be\n");
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_EQ(scores[2].id, model.tokenizer().eos());
}

}  // namespace
}  // namespace fude
