#include "train/memory_limit.h"

#include <gmock/gmock.h>

#include <string>

#include "fude/base/error.h"
#include "train/plan.h"

namespace fude {
namespace {

using testing::HasSubstr;
using testing::Not;

// Batches that take terabytes with a network that takes none.
TrainOptions large_batches() {
  TrainOptions options;
  options.precision = "f32";
  options.network = {.vocab_size = 100, .embed_size = 64, .hidden_size = 512};
  options.batch.batch_size = 1 << 11;
  options.batch.seq_length = 1 << 16;
  return options;
}

TrainOptions large_network() {
  TrainOptions options;
  options.precision = "f32";
  options.network = {.vocab_size = 100, .embed_size = 64, .hidden_size = 1 << 20, .num_layers = 8};
  return options;
}

std::string hint(const TrainOptions& options, Changeable changeable) {
  try {
    require_memory(options, true, 0, changeable);
  } catch (const MemoryError& error) {
    return error.hint();
  }
  return "nothing refused";
}

// The number behind a flag in a hint.
int suggested(const std::string& text, const std::string& flag) {
  const size_t at = text.find(flag + " ");
  return at == std::string::npos ? 0 : std::stoi(text.substr(at + flag.size()));
}

TEST(RequireMemory, SmallRun_Fits) {
  TrainOptions options;
  options.network.vocab_size = 50;
  EXPECT_EQ(hint(options, Changeable::kAll), "nothing refused");
}

TEST(RequireMemory, LargeBatches_SuggestsSuchAsFit) {
  TrainOptions options = large_batches();
  const std::string text = hint(options, Changeable::kAll);
  EXPECT_THAT(text, HasSubstr(" would fit"));
  options.batch.batch_size = suggested(text, "--batch-size");
  ASSERT_GT(options.batch.batch_size, 0) << text;
  EXPECT_EQ(hint(options, Changeable::kAll), "nothing refused");
  options = large_batches();
  options.batch.seq_length = suggested(text, "--seq-length");
  ASSERT_GT(options.batch.seq_length, 0) << text;
  EXPECT_EQ(hint(options, Changeable::kAll), "nothing refused");
}

TEST(RequireMemory, LargeNetwork_SuggestsSuchAsFits) {
  TrainOptions options = large_network();
  const std::string text = hint(options, Changeable::kAll);
  EXPECT_THAT(text, Not(HasSubstr("--batch-size")));  // of no help
  options.network.hidden_size = suggested(text, "--hidden-size");
  ASSERT_GT(options.network.hidden_size, 0) << text;
  EXPECT_EQ(hint(options, Changeable::kAll), "nothing refused");
}

TEST(RequireMemory, LargeVocabulary_SuggestsSuchAsFits) {
  TrainOptions options;
  options.precision = "f32";
  options.tokenizer.kind = "bpe";
  options.network = {.vocab_size = 1 << 24, .embed_size = 1 << 16, .hidden_size = 64};
  const std::string text = hint(options, Changeable::kAll);
  options.network.vocab_size = suggested(text, "--vocab-size");
  ASSERT_GT(options.network.vocab_size, 0) << text;
  EXPECT_EQ(hint(options, Changeable::kAll), "nothing refused");
  options.network.vocab_size = 1 << 24;
  options.tokenizer.kind = "byte";  // which takes no size
  EXPECT_THAT(hint(options, Changeable::kAll), Not(HasSubstr("--vocab-size")));
}

TEST(RequireMemory, NoFlagAlone_SuggestsAPreset) {
  TrainOptions options = large_batches();
  options.network.hidden_size = 1 << 20;
  EXPECT_EQ(hint(options, Changeable::kAll), "--preset large would fit");
}

TEST(RequireMemory, ModelGiven_SuggestsNoOther) {
  EXPECT_THAT(hint(large_batches(), Changeable::kBatch), Not(HasSubstr("--hidden-size")));
  EXPECT_THAT(hint(large_batches(), Changeable::kBatch), HasSubstr("--batch-size"));
  EXPECT_THAT(hint(large_network(), Changeable::kBatch), HasSubstr("end other programs"));
  EXPECT_THAT(hint(large_batches(), Changeable::kNothing), HasSubstr("--init-from"));
}

TEST(RequireMemory, TakenAlready_CountsAsThere) {
  EXPECT_NO_THROW(require_memory(large_network(), false, estimate_memory(large_network(), false), Changeable::kAll));
}

TEST(RequireMemoryForWeights, Network_CountsAloneAndBeforeItsVocabulary) {
  TrainOptions options = large_batches();
  options.network.vocab_size = 0;
  EXPECT_NO_THROW(require_memory_for_weights(options));
  options = large_network();
  options.network.vocab_size = 0;
  EXPECT_THROW(require_memory_for_weights(options), MemoryError);
  options.init_from = "a model brings its own";
  EXPECT_NO_THROW(require_memory_for_weights(options));
}

}  // namespace
}  // namespace fude
