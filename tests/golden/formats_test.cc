// Files that an older version has written stay readable: see write_formats.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/file.h"
#include "data/token_store.h"
#include "fude/base/error.h"
#include "fude/generate/generator.h"
#include "fude/train/options.h"
#include "text/tokenizer_file.h"
#include "train/checkpoint.h"

namespace fude {
namespace {

using ::testing::ElementsAre;

class FormatsOf : public testing::TestWithParam<const char*> {
 protected:
  std::filesystem::path file(const char* name) const {
    return std::filesystem::path(FUDE_GOLDEN_DIR) / "formats" / GetParam() / name;
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, FormatsOf, testing::Values("v1", "v2"));

constexpr std::string_view kText = "A lamp, a page, THE brush: 筆";

TEST_P(FormatsOf, Tokenizer_IsRead) {
  const auto tokenizer = open_tokenizer(file("tokenizer.json"));
  EXPECT_EQ(tokenizer->kind(), "word");
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(kText)), kText);
  EXPECT_EQ(tokenizer->fingerprint(), LanguageModel::load(file("model.safetensors")).tokenizer().fingerprint());
}

TEST_P(FormatsOf, TokenStore_IsRead) {
  const auto tokenizer = open_tokenizer(file("tokenizer.json"));
  const TokenStore store(file("tokens.store"));
  EXPECT_TRUE(TokenStore::open_if_fresh(file("tokens.store"), "the key"));
  EXPECT_EQ(store.vocab_size(), tokenizer->vocab_size());
  std::vector<TokenId> ids(static_cast<size_t>(store.size()));
  store.read(0, ids);
  EXPECT_EQ(tokenizer->decode(ids), "A lamp, a pagea brush");
  EXPECT_THAT(store.document_ends(), ElementsAre(tokenizer->encode("A lamp, a page").size(), ids.size()));
}

TEST_P(FormatsOf, Model_IsReadAndPassesItsSelfTest) {
  const LanguageModel model = LanguageModel::load(file("model.safetensors"));
  EXPECT_EQ(model.config().cell, CellKind::kGru);
  EXPECT_EQ(model.config().hidden_size, 4);
  EXPECT_EQ(model.training_info(), R"({"fallback_seen":true,"step":12})");
  EXPECT_TRUE(LanguageModel::verify(file("model.safetensors")).passed);
}

TEST_P(FormatsOf, Session_IsReadAndGoesOn) {
  const LanguageModel model = LanguageModel::load(file("model.safetensors"));
  Writer writer = Writer::restore(model, read_file(file("story.session")));
  EXPECT_TRUE(writer.text().starts_with("A lamp"));
  EXPECT_EQ(writer.seed(), 7u);
  Writer again(model, 7);
  again.read("A lamp");
  again.write({.max_tokens = 9});
  EXPECT_EQ(writer.text(), again.text());
  EXPECT_EQ(writer.write({.max_tokens = 9}).text, again.write({.max_tokens = 9}).text);
}

// The first version held no model and leaned on the files beside it.
TEST(TrainingState, OfVersion1_IsRefusedByName) {
  const auto path = std::filesystem::path(FUDE_GOLDEN_DIR) / "formats" / "v1" / "last.state";
  try {
    read_checkpoint(path);
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("state of version 1"));
  }
}

TEST(TrainingState, OfVersion2_IsRead) {
  const auto path = std::filesystem::path(FUDE_GOLDEN_DIR) / "formats" / "v2" / "last.state";
  const Checkpoint checkpoint = read_checkpoint(path);
  EXPECT_EQ(checkpoint.config, R"({"options":{}})");
  EXPECT_EQ(checkpoint.model.config().hidden_size, 4);
  const RunFigures& figures = checkpoint.figures;
  EXPECT_EQ(figures.step, 12);
  EXPECT_EQ(figures.tokens, 3456);
  EXPECT_EQ(figures.cursor.offset, 64);
  EXPECT_EQ(figures.best_loss, 1.5);
  ASSERT_TRUE(figures.best);
  EXPECT_EQ(figures.best->step, 10);
  std::vector<float> average(3), state(1);
  read_checkpoint_arrays(path, {{"average", average}, {"state.h", state}});
  EXPECT_THAT(average, ElementsAre(1, -2, 3.5f));
  EXPECT_THAT(state, ElementsAre(0.25f));
}

TEST_P(FormatsOf, Options_AreRead) {
  const TrainOptions options = train_options_from_json(read_file(file("options.json")), "options.json");
  EXPECT_THAT(options.corpus.inputs, ElementsAre("page.txt"));
  EXPECT_EQ(options.tokenizer.letter_case, "factor");
  EXPECT_EQ(options.network.cell, CellKind::kGru);
  EXPECT_EQ(options.steps, 12);
}

}  // namespace
}  // namespace fude
