#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::HasSubstr;

class TokenizerKinds : public testing::TestWithParam<std::string> {};

TEST_P(TokenizerKinds, TrainedFile_EncodesAndDecodesBack) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  std::vector<std::string> train = {"tokenizer", "train", "story.txt", "--tokenizer", GetParam(), "-o", "t.json"};
  if (GetParam() != "byte") train.insert(train.end(), {"--vocab-size", "330"});
  const ProcessResult trained = fude.run(train);
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

TEST_F(TokenizerFile, ShowWithoutText_ListsTheVocabulary) {
  const ProcessResult text = fude_.run({"tokenizer", "show", "-t", "t.json", "--pieces", "3"});
  EXPECT_THAT(text.out, HasSubstr("       0  <eos>\n"));
  EXPECT_EQ(std::count(text.out.begin(), text.out.end(), '\n'), 1 + 3);
  const Json json =
      parse_json(fude_.run({"tokenizer", "show", "-t", "t.json", "--format", "json", "--pieces", "-1"}).out, "shown");
  EXPECT_EQ(json["kind"], "char");
  EXPECT_EQ(json["pieces"].size(), json["vocab_size"].get<size_t>());
}

TEST_F(TokenizerFile, ShowOfAText_PiecesWithBarsBetween) {
  const auto show = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"tokenizer", "show", "-t", "t.json", "--text", "sea\nno\n"});
    return fude_.run(flags);
  };
  const ProcessResult plain = show({});
  EXPECT_EQ(plain.out, "s|e|a|\\n\nn|o|\\n\n");
  EXPECT_THAT(plain.err, HasSubstr("7 characters in 7 tokens (1.00 characters a token), 0 unknown symbols"));
  EXPECT_THAT(show({"--ids"}).out, testing::MatchesRegex("s\\[[0-9]+\\]\\|e\\[[0-9]+\\].*"));
  EXPECT_EQ(show({"--lines"}).out, "s\ne\na\n\\n\nn\no\n\\n\n");
  const std::string coloured = show({"--color"}).out;
  EXPECT_THAT(coloured, HasSubstr("ms\x1b[0m\x1b["));
  EXPECT_THAT(coloured, testing::Not(HasSubstr("|")));
  const Json json = parse_json(show({"--format", "json"}).out, "shown");
  EXPECT_EQ(json["tokens"].size(), 7U);
  EXPECT_EQ(json["tokens"][0]["piece"], "s");
  EXPECT_EQ(json["text"]["unknown"], 0);
}

TEST_F(TokenizerFile, ShowOfFiles_CountsWhatIsUnknown) {
  fude_.folder().write("new.txt", "the sea \u6D77");
  EXPECT_THAT(fude_.run({"tokenizer", "show", "-t", "t.json", "new.txt"}).err, HasSubstr("1 unknown symbol"));
}

TEST_F(TokenizerFile, Compare_MeasuresEveryTokenizerOnTheSameText) {
  const ProcessResult table =
      fude_.run({"tokenizer", "compare", "story.txt", "-t", "char", "-t", "word", "-t", "t.json"});
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("bits/char"));
  EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 1 + 3);
  const Json rows = parse_json(
      fude_.run({"tokenizer", "compare", "story.txt", "-t", "char", "-t", "word", "--format", "json"}).out, "compared");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["tokenizer"], "char");
  EXPECT_EQ(rows[0]["tokens_per_character"], 1.0);
  EXPECT_EQ(rows[0]["characters"], rows[1]["characters"]);
  EXPECT_LT(rows[1]["tokens_per_character"], 0.5);
  EXPECT_LT(rows[1]["bits_per_character"], rows[0]["bits_per_character"]);
}

TEST_F(TokenizerFile, CompareOfNothing_IsRefused) {
  expect_complaint(fude_.run({"tokenizer", "compare"}), 2, "no text given");
  expect_complaint(fude_.run({"tokenizer", "compare", "story.txt", "-t", "letters"}), 2, "letters");
  fude_.folder().write("short.txt", "a");
  expect_complaint(fude_.run({"tokenizer", "compare", "short.txt"}), 1, "too short");
}

TEST_F(TokenizerFile, Export_IsAModelThatGivesTheSameTokens) {
  const std::vector<std::string> train = {"tokenizer",    "train", "story.txt", "--tokenizer", "unigram",
                                          "--vocab-size", "340",   "-o",        "u.json"};
  ASSERT_EQ(fude_.run(train).exit_code, 0);
  const ProcessResult exported = fude_.run({"tokenizer", "export", "-t", "u.json", "-o", "u.model"});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  const auto pieces = [&](const std::string& file) {
    return fude_.run({"tokenizer", "encode", "-t", file, "--text", "The sea was wide.", "--pieces"}).out;
  };
  EXPECT_EQ(pieces("u.model"), pieces("u.json"));
  EXPECT_THAT(pieces("u.model"), HasSubstr(" w"));
}

TEST_F(TokenizerFile, ExportOfCharacters_IsRefused) {
  expect_complaint(fude_.run({"tokenizer", "export", "-t", "t.json", "-o", "t.model"}), 1,
                   "a char tokenizer is no SentencePiece model");
  expect_complaint(fude_.run({"tokenizer", "export", "-t", "t.json"}), 2, "no output given");
}

TEST_F(TokenizerFile, UnitAndCase_ReachTheTokenizer) {
  fude_.folder().write("marks.txt", "x\u0323y x\u0323y The sea.\nthe sea.\nThe sea.\n");
  const auto pieces = [&](const std::vector<std::string>& options, const std::string& text) {
    std::vector<std::string> train = {"tokenizer", "train", "marks.txt", "-o", "m.json"};
    train.insert(train.end(), options.begin(), options.end());
    EXPECT_EQ(fude_.run(train).exit_code, 0);
    return fude_.run({"tokenizer", "encode", "-t", "m.json", "--text", text, "--pieces"}).out;
  };
  EXPECT_EQ(pieces({"--tokenizer", "char", "--unit", "grapheme"}, "x\u0323y"), "x\u0323\ny\n");
  EXPECT_EQ(pieces({"--tokenizer", "word", "--case", "factor"}, "THE sea"), "<upper>\nthe\n sea\n");
  expect_complaint(fude_.run({"tokenizer", "train", "marks.txt", "-o", "m.json", "--case", "factor"}), 2,
                   "letter_case factor is for tokenizer word, not for bpe");
}

TEST_F(TokenizerFile, FlagsWithoutUse_AreRefused) {
  const auto train = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> arguments = {"tokenizer", "train", "story.txt", "-o", "x.json", "--tokenizer"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return fude_.run(arguments);
  };
  expect_complaint(train({"byte", "--vocab-size", "300"}), 2, "--tokenizer byte does not take --vocab-size");
  expect_complaint(train({"./t.json", "--vocab-size", "99", "--normalize", "nfc", "--unit", "codepoint"}), 2,
                   "does not take --vocab-size, --normalize, --unit", "as it is");
  expect_complaint(fude_.run({"train", "story.txt", "--tokenizer", "./t.json", "--case", "keep"}), 2, "--case");
  expect_complaint(fude_.run({"tokenizer", "show", "-t", "t.json", "--text", "a", "story.txt"}), 2, "story.txt");
  expect_complaint(fude_.run({"tokenizer", "show", "-t", "t.json", "--pieces", "-5"}), 2, "-5");
}

TEST_F(TokenizerFile, VariableForTraining_NamesNoFile) {
  const ProcessOptions variables{.environment = {{"FUDE_TOKENIZER", "bpe"}, {"FUDE_MODEL", "none"}}};
  const ProcessResult result = fude_.run({"tokenizer", "encode", "-t", "t.json", "--text", "sea"}, variables);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  expect_complaint(fude_.run({"tokenizer", "encode", "-m", "none", "--text", "sea"}, variables), 1, "none");
}

TEST_F(TokenizerFile, WhatDoesNotComeBack_IsTold) {
  const auto told = [&](const std::string& text) {
    const ProcessResult result = fude_.run({"tokenizer", "encode", "-t", "t.json", "--text", text});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.err;
  };
  EXPECT_EQ(told("The sea."), "");
  EXPECT_EQ(told("\u6D77\u6D77"), "2 symbols outside the vocabulary: spelled in bytes\n");
  EXPECT_THAT(told("e\u0301"), HasSubstr("normalization changed the text"));
}

TEST_F(TokenizerFile, TextInAnotherEncoding_IsRead) {
  fude_.folder().write("latin.txt", "The sea was na\xEFve and the boat lay still on the caf\xE9 shore.");
  const ProcessResult result =
      fude_.run({"tokenizer", "encode", "-t", "t.json", "--encoding", "latin1", "--pieces", "latin.txt"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 symbols outside"));
}

TEST_F(TokenizerFile, ShowOfStandardInput_IsItsPieces) {
  EXPECT_EQ(fude_.run({"tokenizer", "show", "-t", "t.json"}, {.input = "sea\n"}).out, "s|e|a|\\n\n");
  EXPECT_THAT(fude_.run({"tokenizer", "show", "-t", "t.json", "--pieces", "3"}).err, HasSubstr(" more (--pieces -1"));
}

TEST_F(TokenizerFile, InvisibleCharacters_DoNotReachTheTerminal) {
  const ProcessResult result =
      fude_.run({"tokenizer", "train", "-", "--tokenizer", "char", "-o", "i.json"}, {.input = "a\u202Eb\u200Bc"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(fude_.run({"tokenizer", "encode", "-t", "i.json", "--text", "\u202E\u200Ba", "--pieces"}).out,
            "\\u{202E}\n\\u{200B}\na\n");
}

TEST_F(TokenizerFile, CompareOfWhatLosesText_IsTold) {
  const auto notes = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> arguments = {"tokenizer", "compare", "story.txt"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const ProcessResult result = fude_.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.err;
  };
  EXPECT_THAT(notes({"-t", "whitespace"}), HasSubstr("note: whitespace loses text"));
  EXPECT_THAT(notes({"-t", "./t.json"}), HasSubstr("note: ./t.json is used as it is"));
  EXPECT_THAT(notes({"--vocab-size", "100"}), HasSubstr("note: bpe is left out"));
  EXPECT_EQ(notes({"-t", "char"}), "");
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
       {Row{"", "bad.json: not a SentencePiece model"}, Row{"The sea", "bad.json: not a SentencePiece model"},
        Row{"{", "not valid JSON"}, Row{R"({"fude_tokenizer": 2})", "version 2"},
        Row{R"({"fude_tokenizer": 1})", "\"tokenizer\" is missing"},
        Row{R"({"fude_tokenizer": 1, "tokenizer": {}, "blob": "a"})", "base64"},
        Row{R"({"fude_tokenizer": 1, "tokenizer": {}})", "bad.json: tokenizer"}}) {
    fude_.folder().write("bad.json", row.content);
    expect_complaint(fude_.run({"tokenizer", "show", "-t", "bad.json"}), 1, row.message);
  }
}

}  // namespace
}  // namespace fude
