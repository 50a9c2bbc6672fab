#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/base/error.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

using testing::HasSubstr;

std::string kept(const Tokenizer& tokenizer, const std::string& prompt, OnUnknown policy) {
  return tokenizer.decode(encode_prompt(tokenizer, prompt, policy));
}

std::string error_of(const Tokenizer& tokenizer, const std::string& prompt) {
  try {
    encode_prompt(tokenizer, prompt, OnUnknown::kError);
  } catch (const DataError& error) {
    EXPECT_THAT(error.hint(), HasSubstr("--on-unknown replace"));
    return error.what();
  }
  return "no error";
}

TEST(UnknownSymbols, Places_LinesAndColumnsFromOneInCodePoints) {
  for (const char* kind : {"char", "word", "bpe", "unigram"}) {
    const auto tokenizer = learn(kind);
    const auto unknown = tokenizer->unknown_symbols("Aé\n筆筆Ω", 9);
    ASSERT_EQ(unknown.size(), 2U) << kind;
    EXPECT_EQ(unknown[0].code_point, U'é');
    EXPECT_EQ(unknown[0].text, "é");
    EXPECT_EQ(unknown[0].offset, 1U);
    EXPECT_EQ(unknown[0].line, 1);
    EXPECT_EQ(unknown[0].column, 2);
    EXPECT_EQ(unknown[1].code_point, U'Ω');
    EXPECT_EQ(unknown[1].offset, 10U);
    EXPECT_EQ(unknown[1].line, 2);
    EXPECT_EQ(unknown[1].column, 3);
  }
}

TEST(UnknownSymbols, Limit_IsKept) {
  const auto tokenizer = learn("char", "abc");
  EXPECT_EQ(tokenizer->unknown_symbols("xyz", 2).size(), 2U);
  EXPECT_TRUE(tokenizer->unknown_symbols("xyz", 0).empty());
  EXPECT_EQ(tokenizer->unknown_symbols("x y", 9).size(), 3U);
}

TEST(UnknownSymbols, DecomposedLetter_IsKnownWhenItsComposedFormIs) {
  const auto tokenizer = learn("char", "é");
  EXPECT_TRUE(tokenizer->unknown_symbols("e\u0301", 9).empty());
  const auto unknown = tokenizer->unknown_symbols("\no\u0302\u0323x", 9);
  ASSERT_EQ(unknown.size(), 3U);
  EXPECT_EQ(unknown[1].code_point, U'ộ');
  EXPECT_EQ(unknown[1].text, "o\u0302\u0323");
  EXPECT_EQ(unknown[1].line, 2);
  EXPECT_EQ(unknown[1].column, 1);
  EXPECT_EQ(unknown[2].column, 4);
}

TEST(EncodePrompt, KnownText_IsEncodedUnchanged) {
  for (const std::string& kind : kLosslessKinds) {
    const auto tokenizer = learn(kind);
    EXPECT_EQ(encode_prompt(*tokenizer, "The ink\n", OnUnknown::kError), tokenizer->encode("The ink\n")) << kind;
    EXPECT_TRUE(encode_prompt(*tokenizer, "", OnUnknown::kError).empty());
  }
}

TEST(EncodePrompt, UnknownSymbol_ErrorShowsSymbolCodePointAndPlace) {
  for (const char* kind : {"char", "word", "bpe", "unigram"}) {
    const auto tokenizer = learn(kind);
    EXPECT_EQ(error_of(*tokenizer, "The\nink é"), "prompt:2:5: \"é\" (U+00E9) is not in the model's vocabulary")
        << kind;
  }
  const auto tokenizer = learn("char");
  EXPECT_EQ(error_of(*tokenizer, "é\u200Bé"),
            "prompt:1:1: \"é\" (U+00E9) is not in the model's vocabulary, and 2 more");
  EXPECT_EQ(error_of(*tokenizer, "a\u200B"), "prompt:1:2: U+200B is not in the model's vocabulary");
  EXPECT_EQ(error_of(*learn("whitespace", "the cat"), "the dog"),
            "prompt:1:5: \"dog\" is not in the model's vocabulary");
}

TEST(EncodePrompt, UnknownSymbolOfAFile_ErrorNamesTheFile) {
  const auto tokenizer = learn("char");
  try {
    encode_prompt(*tokenizer, "The\nink é", OnUnknown::kError, "beginning.txt");
    ADD_FAILURE() << "no error";
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "beginning.txt:2:5: \"é\" (U+00E9) is not in the model's vocabulary");
  }
}

TEST(EncodePrompt, Byte_KnowsEverything) {
  const auto tokenizer = learn("byte", "a");
  EXPECT_EQ(kept(*tokenizer, "筆é\n", OnUnknown::kError), "筆é\n");
}

TEST(EncodePrompt, InvalidUtf8_DataErrorUnderEveryPolicy) {
  const auto tokenizer = learn("char");
  for (const OnUnknown policy : {OnUnknown::kError, OnUnknown::kReplace, OnUnknown::kSkip})
    EXPECT_THROW(encode_prompt(*tokenizer, "a\xFF", policy), DataError);
}

TEST(EncodePrompt, Replace_PutsNearRelatives) {
  struct Case {
    std::string vocabulary, prompt, expected;
  };
  const std::vector<Case> cases = {
      {"it's \"so\"", "it’s “so”", "it's \"so\""},
      {"it’s", "it's", "it’s"},
      {"a-b", "a–b—b‐a", "a-b-b-a"},
      {"wait.", "wait…", "wait..."},
      {"a b", "a\u00A0b\tb", "a b b"},
      {"ABC", "ＡＢＣ", "ABC"},
      {"ＡＢ！", "AB!", "ＡＢ！"},
      {"abc", "ABC", "abc"},
      {"ABC", "abc", "ABC"},
      {"cafe", "Café", "cafe"},
      {"resume", "re\u0301sume\u0301", "resume"},
      {"efgh", "ﬀ", "ff"},
      {"abc", "a龍b😀c", "abc"},
      {"a\nb", "a\r\nb", "a\nb"},
      {"naïve", "naïve", "naïve"},
      {"xyz", "é", ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(kept(*learn("char", c.vocabulary), c.prompt, OnUnknown::kReplace), c.expected) << c.prompt;
  }
}

TEST(EncodePrompt, Skip_DropsUnknownSymbols) {
  for (const char* kind : {"char", "word"}) {
    const auto tokenizer = learn(kind, "it's a word it's a word");
    EXPECT_EQ(kept(*tokenizer, "it’s a 筆word\n", OnUnknown::kSkip), "its a word") << kind;
    EXPECT_EQ(kept(*tokenizer, "筆", OnUnknown::kSkip), "");
  }
}

TEST(EncodePrompt, WhatIsLeftOverMeetsAMark_NothingUnknownRemains) {
  // Without the middle character e and the accent would join to a letter that the model never saw.
  const auto tokenizer = learn("char", "xe \u0301", 0, "nfc");
  for (const OnUnknown policy : {OnUnknown::kReplace, OnUnknown::kSkip}) {
    for (const TokenId id : encode_prompt(*tokenizer, "e龍\u0301x", policy)) EXPECT_FALSE(tokenizer->is_fallback(id));
  }
}

TEST(EncodePrompt, Whitespace_NoEosUnlessThePromptEndsItsLine) {
  const auto tokenizer = learn("whitespace", "the cat sat");
  const std::vector<TokenId> line = tokenizer->encode("the cat\n");
  ASSERT_EQ(line.size(), 3U);
  EXPECT_EQ(encode_prompt(*tokenizer, "the cat\n", OnUnknown::kError), line);
  EXPECT_EQ(encode_prompt(*tokenizer, "the cat", OnUnknown::kError), (std::vector<TokenId>{line[0], line[1]}));
  EXPECT_EQ(encode_prompt(*tokenizer, "\n", OnUnknown::kError), (std::vector<TokenId>{0}));
}

TEST(EncodePrompt, WhitespaceUnknownWords_RelativeOrUnk) {
  const auto tokenizer = learn("whitespace", "the cat doesn't sat");
  EXPECT_EQ(kept(*tokenizer, "The cow Doesn’t\n", OnUnknown::kReplace), "the <unk> doesn't\n");
  EXPECT_EQ(kept(*tokenizer, "The cow sat\n", OnUnknown::kSkip), "sat\n");
}

TEST(ParseOnUnknown, Words_AndNothingElse) {
  EXPECT_EQ(parse_on_unknown("error"), OnUnknown::kError);
  EXPECT_EQ(parse_on_unknown("replace"), OnUnknown::kReplace);
  EXPECT_EQ(parse_on_unknown("skip"), OnUnknown::kSkip);
  EXPECT_THROW(parse_on_unknown("drop"), ConfigError);
}

}  // namespace
}  // namespace fude
