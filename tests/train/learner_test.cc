#include "train/learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/token_store.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

// A hundred bytes in two streams and windows of ten, with weights that stay as they are.
class LearnerTest : public ::testing::Test {
 protected:
  LearnerTest() : model_(byte_model()), store_(make_store()) {
    options_.batch = {.batch_size = 2, .seq_length = 10};
    options_.dropout = {};
    options_.state_reset = 0;
  }

  static LanguageModel byte_model() {
    TokenizerOptions options;
    options.kind = "byte";
    return LanguageModel({.embed_size = 8, .hidden_size = 12},
                         train_tokenizer(options, [](const TextSink& sink) { sink("x"); }), 3);
  }
  TokenStore make_store() {
    TokenStoreWriter writer(dir_ / "train.tokens", model_.config().vocab_size, "test");
    for (TokenId k = 0; k < 101; ++k) ids_.push_back(1 + k * 37 % 200);
    writer.append(ids_);
    writer.commit();
    return TokenStore(dir_ / "train.tokens");
  }
  // Of predicting tokens [begin + 1, begin + count] from a zero state before token begin.
  double read(size_t begin, size_t count) const {
    State state = model_.start();
    double nats = 0;
    for (const double value : model_.feed(std::span(ids_).subspan(begin, count + 1), state, {}))
      nats -= std::isnan(value) ? 0 : value;
    return nats;
  }

  TempDir dir_;
  LanguageModel model_;
  std::vector<TokenId> ids_;
  TokenStore store_;
  TrainOptions options_;
};

TEST_F(LearnerTest, Windows_CarryTheState) {
  Learner learner(options_, store_, model_);
  EXPECT_NEAR(learner.step(0).nats, read(0, 10) + read(50, 10), 1e-3);
  EXPECT_NEAR(learner.step(0).nats, read(0, 20) - read(0, 10) + read(50, 20) - read(50, 10), 1e-3);
  EXPECT_EQ(learner.steps(), 2);
  EXPECT_DOUBLE_EQ(learner.epochs(), 0.4);
}

TEST_F(LearnerTest, StateReset_BeginsWindowsFromNothing) {
  options_.state_reset = 1;
  Learner learner(options_, store_, model_);
  learner.step(0);
  EXPECT_NEAR(learner.step(0).nats, read(10, 10) + read(60, 10), 1e-3);
  EXPECT_GT(std::abs(read(0, 20) - read(0, 10) - read(10, 10)), 1e-3);  // the two can be told apart
}

TEST_F(LearnerTest, GradNorm_DoesNotDependOnTheNumberOfStreams) {
  Learner two(options_, store_, model_);
  const double norm = two.step(0).grad_norm;
  EXPECT_GT(norm, 0);
  options_.batch.batch_size = 1;
  Learner one(options_, store_, model_);
  EXPECT_LT(one.step(0).grad_norm, 2 * norm);  // of the mean loss, not of the sum
  EXPECT_GT(one.step(0).grad_norm, norm / 2);
}

TEST_F(LearnerTest, WindowLeftOut_ChangesNoWeightAndIsNotCarriedOn) {
  Learner learner(options_, store_, model_);
  learner.step(0.1);
  const auto weights = model_.network().parameters().values();
  const std::vector<float> before(weights.begin(), weights.end());
  learner.look();
  learner.leave_out();
  EXPECT_EQ(learner.steps(), 2);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), model_.network().parameters().values().begin()));
  EXPECT_NEAR(learner.look().nats, read(20, 10) + read(70, 10), 1e-3);
}

TEST_F(LearnerTest, WeightsNotFinite_AreANumericError) {
  for (float& weight : model_.network().parameters().value("decoder.bias")) weight = std::nanf("");
  Learner learner(options_, store_, model_);
  EXPECT_THROW(learner.step(0.1), NumericError);
}

}  // namespace
}  // namespace fude
