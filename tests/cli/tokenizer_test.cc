#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::HasSubstr;

class TokenizerKinds : public testing::TestWithParam<std::string> {};

TEST_P(TokenizerKinds, TrainedFile_EncodesAndDecodesBack) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  const ProcessResult trained =
      fude.run({"tokenizer", "train", "story.txt", "--tokenizer", GetParam(), "--vocab-size", "330", "-o", "t.json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("t.json: " + GetParam()));
  const std::string text = "The sea was calm,\n  na\u00EFve \u6D77.";
  const ProcessResult ids = fude.run({"tokenizer", "encode", "-t", "t.json", "--text", text});
  ASSERT_EQ(ids.exit_code, 0) << ids.err;
  const ProcessResult back = fude.run({"tokenizer", "decode", "-t", "t.json"}, {.input = ids.out});
  EXPECT_EQ(back.out, text);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TokenizerKinds, testing::Values("char", "byte", "word", "bpe", "unigram"),
                         [](const auto& kind) { return kind.param; });

class TokenizerFile : public testing::Test {
 protected:
  void SetUp() override {
    fude_.folder().write("story.txt", sea_story());
    ASSERT_EQ(fude_.run({"tokenizer", "train", "story.txt", "--tokenizer", "char", "-o", "t.json"}).exit_code, 0);
  }
  Fude fude_;
};

TEST_F(TokenizerFile, Show_CountsTextAndListsPieces) {
  const ProcessResult text = fude_.run({"tokenizer", "show", "-t", "t.json", "story.txt", "--pieces", "3"});
  EXPECT_THAT(text.out, HasSubstr("<eos>"));
  EXPECT_THAT(text.out, HasSubstr("0 symbols are unknown"));
  const Json json =
      parse_json(fude_.run({"tokenizer", "show", "-t", "t.json", "--format", "json", "--pieces", "-1"}).out, "shown");
  EXPECT_EQ(json["kind"], "char");
  EXPECT_EQ(json["pieces"].size(), json["vocab_size"].get<size_t>());
}

TEST_F(TokenizerFile, Pieces_AreShownALineEach) {
  EXPECT_EQ(fude_.run({"tokenizer", "encode", "-t", "t.json", "--text", "sea\n", "--pieces"}).out, "s\ne\na\n\\n\n");
}

TEST_F(TokenizerFile, WordsInPlaceOfNumbers_AreRefused) {
  expect_complaint(fude_.run({"tokenizer", "decode", "-t", "t.json", "--ids", "1 two"}), 1, "got two");
}

TEST_F(TokenizerFile, NumberOutsideTheVocabulary_IsRefused) {
  expect_complaint(fude_.run({"tokenizer", "decode", "-t", "t.json", "--ids", "99999"}), 1, "99999");
}

TEST_F(TokenizerFile, DamagedFile_IsRefused) {
  struct Row {
    std::string content;
    std::string message;
  };
  for (const Row& row :
       {Row{"", "is no tokenizer file"}, Row{"The sea", "is no tokenizer file"}, Row{"{", "not valid JSON"},
        Row{R"({"fude_tokenizer": 2})", "version 2"}, Row{R"({"fude_tokenizer": 1})", "\"tokenizer\" is missing"},
        Row{R"({"fude_tokenizer": 1, "tokenizer": {}, "blob": "a"})", "base64"},
        Row{R"({"fude_tokenizer": 1, "tokenizer": {}})", ""}}) {
    fude_.folder().write("bad.json", row.content);
    expect_complaint(fude_.run({"tokenizer", "show", "-t", "bad.json"}), 1, row.message);
  }
}

}  // namespace
}  // namespace fude
