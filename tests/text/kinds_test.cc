#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/letter_case.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CharTokenizer, Text_ATokenACodePointInOrder) {
  const auto tokenizer = learn("char", "banana\n");
  EXPECT_EQ(tokenizer->vocab_size(), 1 + 16 + 4);
  EXPECT_EQ(tokenizer->encode("\nabn"), (std::vector<TokenId>{17, 18, 19, 20}));
}

TEST(CharTokenizer, UnseenCharacter_TwoHalvesAByte) {
  const auto tokenizer = learn("char", "banana");
  EXPECT_THAT(displays(*tokenizer, "aé"), ElementsAre("a", "<0xC>", "<0x3>", "<0xA>", "<0x9>"));
  for (const TokenId id : tokenizer->encode("é")) EXPECT_TRUE(tokenizer->is_fallback(id));
  EXPECT_FALSE(tokenizer->is_fallback(tokenizer->encode("a")[0]));
}

TEST(CharTokenizer, Limit_KeepsTheMostFrequent) {
  std::string text;
  for (char c = 'a'; c <= 'z'; ++c) text += std::string(static_cast<size_t>(c - 'a' + 1), c);
  const auto tokenizer = learn("char", text, 32);
  EXPECT_EQ(tokenizer->vocab_size(), 32);
  EXPECT_EQ(tokenizer->unknown_symbols("abcdefghijklmnopqrstuvwxyz", 99).size(), 11U);
  EXPECT_TRUE(tokenizer->unknown_symbols("lmnopqrstuvwxyz", 99).empty());
}

// 10,000 characters and more, of which only 'Q' and U+7B46 are there a single time.
std::string long_text() {
  std::string text = "筆Q";
  while (text.size() < 12000) text += "the brush drinks ink\n";
  return text;
}

TEST(CharTokenizer, CharacterSeenOnce_IsInBytesButKnown) {
  const auto tokenizer = learn("char", long_text());
  EXPECT_THAT(displays(*tokenizer, "tQ"), ElementsAre("t", "<0x5>", "<0x1>"));
  EXPECT_TRUE(tokenizer->unknown_symbols("Q筆", 9).empty());
  EXPECT_EQ(tokenizer->unknown_symbols("Q筆墨", 9).size(), 1U);
  EXPECT_FALSE(tokenizer->writes_fallback());
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("筆Q\nt")), "筆Q\nt");
  const auto loaded = load_tokenizer(tokenizer->save());
  EXPECT_EQ(loaded->encode("筆Qt"), tokenizer->encode("筆Qt"));
  EXPECT_TRUE(loaded->unknown_symbols("Q筆", 9).empty());
  EXPECT_FALSE(loaded->writes_fallback());
}

TEST(CharTokenizer, LimitReached_CharactersSeenOnceAreUnknown) {
  const auto tokenizer = learn("char", long_text() + "!?", 32);
  EXPECT_EQ(tokenizer->unknown_symbols("Q筆", 9).size(), 2U);  // the others seen once have place
  EXPECT_TRUE(tokenizer->writes_fallback());
}

TEST(WordTokenizer, CharacterSeenOnce_IsInBytesButKnown) {
  const auto tokenizer = learn("word", long_text());
  EXPECT_THAT(displays(*tokenizer, "Q"), ElementsAre("<0x5>", "<0x1>"));
  EXPECT_TRUE(tokenizer->unknown_symbols("Q筆", 9).empty());
  EXPECT_FALSE(tokenizer->writes_fallback());
}

TEST(CharTokenizer, HalfByteWithoutItsOther_ReplacementCharacter) {
  const auto tokenizer = learn("char", "banana");
  const TokenId a = tokenizer->encode("a")[0];
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{5}), "\uFFFD");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{5, a}), "\uFFFDa");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{5, 0, a}), "\uFFFDa");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{1 + 4, 1 + 1, a}), "Aa");
}

TEST(GraphemeTokenizer, FrequentGraphemes_AreTokens) {
  const auto tokenizer = learn("char/grapheme", "👍🏽 x\u0323\r\n👍🏽 x\u0323\r\n");
  EXPECT_EQ(tokenizer->kind(), "char");
  EXPECT_THAT(displays(*tokenizer, "x\u0323👍🏽\r\nx"), ElementsAre("x\u0323", "👍🏽", "\r\n", "x"));
}

TEST(GraphemeTokenizer, RareGraphemes_AreCodePointsThenBytes) {
  const auto tokenizer = learn("char/grapheme", "👍🏽 x\u0323 xx");
  EXPECT_THAT(displays(*tokenizer, "x\u0323"), ElementsAre("x", "\u0323"));
  EXPECT_THAT(displays(*tokenizer, "é👍"), ElementsAre("<0xC>", "<0x3>", "<0xA>", "<0x9>", "👍"));
  EXPECT_EQ(tokenizer->unknown_symbols("é👍🏽x\u0323", 9).size(), 1U);
}

TEST(GraphemeTokenizer, UnknownCharacterInAKnownGrapheme_IsKnown) {
  const auto tokenizer =
      load_tokenizer({R"({"kind":"char","normalize":"nfc","unit":"grapheme","pieces":["x","x̣"]})", ""});
  EXPECT_TRUE(tokenizer->unknown_symbols("xx̣", 9).empty());
  EXPECT_EQ(tokenizer->unknown_symbols("x x̣y", 9).size(), 2U);
}

TEST(GraphemeTokenizer, Limit_LeavesPlaceForCharacters) {
  std::string text;
  for (char c = 'a'; c <= 'z'; ++c) text += std::string(2, c) + "\u0323" + c + "\u0323";
  const auto tokenizer = learn("char/grapheme", text, 40, "none");
  EXPECT_EQ(tokenizer->vocab_size(), 40);
  size_t graphemes = 0;
  for (TokenId id = 17; id < 40; ++id) graphemes += tokenizer->display(id).size() > 2 ? 1 : 0;
  EXPECT_EQ(graphemes, 11U);
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
}

TEST(ByteTokenizer, Text_ATokenAByte) {
  const auto tokenizer = learn("byte");
  EXPECT_EQ(tokenizer->vocab_size(), 257);
  EXPECT_EQ(tokenizer->encode("Aé"), (std::vector<TokenId>{1 + 0x41, 1 + 0xC3, 1 + 0xA9}));
  EXPECT_THAT(displays(*tokenizer, "Aé"), ElementsAre("A", "<0xC3>", "<0xA9>"));
  EXPECT_FALSE(tokenizer->is_fallback(1 + 0xC3));
  EXPECT_TRUE(tokenizer->unknown_symbols("龍", 1).empty());
}

TEST(WordTokenizer, EnglishText_WordsTakeTheSpaceBeforeThem) {
  const auto tokenizer = learn("word", "To be, or not to be. To be, or not to be.\nTo be, or not to be.\n");
  EXPECT_THAT(displays(*tokenizer, "To be, or not to be.\n"),
              ElementsAre("To", " be", ",", " or", " not", " to", " be", ".", "\n"));
}

TEST(WordTokenizer, SeveralSpaces_AreOnePieceOfTheirOwn) {
  const auto tokenizer = learn("word", "to  be\nto  be\n \n \n");
  EXPECT_THAT(displays(*tokenizer, "to  be"), ElementsAre("to", "  ", "be"));
  EXPECT_THAT(displays(*tokenizer, " \n"), ElementsAre(" ", "\n"));
}

TEST(WordTokenizer, JapaneseText_WordsByDictionary) {
  const auto tokenizer = learn("word", "東京の学校と東京の図書館と学校の図書館");
  EXPECT_THAT(displays(*tokenizer, "東京の図書館"), ElementsAre("東京", "の", "図書館"));
}

TEST(WordTokenizer, WordOutsideTheVocabulary_IsSpelled) {
  const auto tokenizer = learn("word", "the cat sat\nthe cat sat at the tea\n");
  EXPECT_THAT(displays(*tokenizer, "the east"), ElementsAre("the", " ", "e", "a", "s", "t"));
  EXPECT_THAT(displays(*tokenizer, "éa"), ElementsAre("<0xC>", "<0x3>", "<0xA>", "<0x9>", "a"));
}

TEST(WordTokenizer, KnownWordBehindAnUnusualSpace_IsNotSpelled) {
  const auto tokenizer = learn("word", "\"wait\" \"wait\" \"wait\"");
  EXPECT_THAT(displays(*tokenizer, " wait"), ElementsAre(" ", "wait"));
}

TEST(WordTokenizer, WordSeenOnce_IsNotLearned) {
  const auto tokenizer = learn("word", "twice twice once");
  EXPECT_THAT(displays(*tokenizer, "once"), ElementsAre("o", "n", "c", "e"));
}

TEST(CasedWordTokenizer, CapitalsAndTitles_AreMarksAndTheWord) {
  const auto tokenizer = learn("word/factor", "The sea.\nthe sea.\nTHE SEA.\n");
  EXPECT_THAT(displays(*tokenizer, "the The THE sea"),
              ElementsAre("the", " ", "<capitalized>", "the", " ", "<upper>", "the", " sea"));
  EXPECT_THAT(displays(*tokenizer, "The SEA."), ElementsAre("<capitalized>", "the", "<upper>", " sea", "."));
}

TEST(CasedWordTokenizer, CapitalizedKnownWord_IsKnown) {
  const auto tokenizer = learn("word/factor", "the sea\nthe sea\n");
  EXPECT_THAT(displays(*tokenizer, "The sea"), ElementsAre("<capitalized>", "the", " sea"));
  EXPECT_TRUE(tokenizer->unknown_symbols("The SEA\nTHE sea", 9).empty());
  const auto unknown = tokenizer->unknown_symbols("THE SEA, Tea", 9);
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_EQ(unknown[0].text, ",");
  EXPECT_EQ(unknown[1].text, "T");
  EXPECT_EQ(unknown[1].offset, 9U);
}

TEST(CasedWordTokenizer, WordNeverInSmallLetters_KeepsItsForm) {
  const auto tokenizer =
      learn("word/factor", "OLD NEWS FROM London. OLD NEWS FROM London. LONDON\nOLD and News and old");
  EXPECT_THAT(displays(*tokenizer, " NEWS FROM London LONDON"),
              ElementsAre(" NEWS", " FROM", " London", "<upper>", " London"));
  EXPECT_THAT(displays(*tokenizer, " OLD"), ElementsAre("<upper>", " old"));
}

TEST(CasedWordTokenizer, MixedCase_IsAWordOfItsOwn) {
  const auto tokenizer = learn("word/factor", "Read McAdam, McAdam and Mcadam, or mcadam.");
  EXPECT_THAT(displays(*tokenizer, " McAdam Mcadam mcadam"),
              ElementsAre(" McAdam", "<capitalized>", " mcadam", " mcadam"));
}

// Letters whose other case does not lead back to them.
TEST(CasedWordTokenizer, LettersWithoutAWayBack_AreSpelled) {
  const std::string text = "straße STRASSE ﬁn Fin İstanbul istanbul ISTANBUL ısı ISI ǆep ǅep ǄEP Σίσυφος ΣΊΣΥΦΟΣ ŉ";
  std::string often;
  for (int i = 0; i < 3; ++i) often += text + " ";
  for (const std::string& training : {often, normalize(lower_case(often), Normalization::kNfc)}) {
    const auto tokenizer = learn("word/factor", training);
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
  }
}

TEST(CasedWordTokenizer, MarkBeforeWhatHasNoOtherForm_ChangesNothing) {
  const auto tokenizer = learn("word/factor", "the sea the sea 筆 筆 筆");
  const TokenId mark = tokenizer->vocab_size() - 2, upper = mark + 1;
  const TokenId sea = tokenizer->encode(" sea").at(0), brush = tokenizer->encode("筆").at(0);
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{mark, brush, sea}), "筆 sea");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{mark, upper, sea, sea}), " SEA sea");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{mark, 0, sea, upper}), " sea");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{5, mark, sea}), "\uFFFD Sea");
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{mark, 1 + 4, 1 + 1, sea}), "A sea");
}

TEST(CasedWordTokenizer, VocabularyLimit_CountsTheMarks) {
  EXPECT_LE(learn("word/factor", kTrainingText, 40)->vocab_size(), 40);
}

TEST(WordTokenizer, VeryLongWord_IsNotLearned) {
  const std::string word(300, 'a');
  const auto tokenizer = learn("word", word + " " + word);
  EXPECT_EQ(tokenizer->encode(word).size(), 300U);
}

TEST(PieceTokenizer, OneVeryLongLine_ComesBackAsItsWords) {
  const auto tokenizer = learn("bpe");
  const std::vector<TokenId> words = tokenizer->encode(" the brush");
  std::string spaced, dense;
  std::vector<TokenId> expected;
  while (spaced.size() < (1U << 20)) {
    spaced += " the brush";
    expected.insert(expected.end(), words.begin(), words.end());
  }
  EXPECT_TRUE(tokenizer->encode(spaced) == expected);
  while (dense.size() < (3U << 20)) dense += "筆は墨";
  EXPECT_TRUE(tokenizer->decode(tokenizer->encode(dense)) == dense);
}

TEST(WordTokenizer, OneVeryLongLine_ComesBack) {
  std::string text;
  while (text.size() < (3U << 20)) text += "word 筆";
  const auto tokenizer = learn("word", text);
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
}

TEST(WhitespaceTokenizer, Lines_AreWordsAndEos) {
  const auto tokenizer = learn("whitespace", "the cat\nthe dog <unk>\n\nthe\n");
  EXPECT_EQ(tokenizer->vocab_size(), 5);
  const std::vector<TokenId> ids = tokenizer->encode(" the  cat \n\n cow <unk>\tdog\r\nthe");
  EXPECT_EQ(ids, (std::vector<TokenId>{2, 3, 0, 0, 1, 1, 4, 0, 2, 0}));
  EXPECT_EQ(tokenizer->decode(ids), "the cat\n\n<unk> <unk> dog\nthe\n");
}

TEST(WhitespaceTokenizer, Vocabulary_MostFrequentFirstThenByBytes) {
  const auto tokenizer = learn("whitespace", "b c a c\nc b é");
  EXPECT_THAT(displays(*tokenizer, "c b a é"), ElementsAre("c", "b", "a", "é", "<eos>"));
  EXPECT_EQ(tokenizer->encode("c b a é"), (std::vector<TokenId>{2, 3, 4, 5, 0}));
}

TEST(WhitespaceTokenizer, SpecialNamesInTheText_AreTheTokens) {
  const auto tokenizer = learn("whitespace", "a <eos> <unk> b");
  EXPECT_EQ(tokenizer->encode("<unk> <eos>\n"), (std::vector<TokenId>{1, 0, 0}));
  EXPECT_EQ(tokenizer->vocab_size(), 4);
}

TEST(WhitespaceTokenizer, UnseenWords_AreUnknownSymbolsWithTheirPlaces) {
  const auto tokenizer = learn("whitespace", "the cat sat");
  const auto unknown = tokenizer->unknown_symbols("the dog\nÉva sat <unk>", 9);
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_EQ(unknown[0].text, "dog");
  EXPECT_EQ(unknown[0].offset, 4U);
  EXPECT_EQ(unknown[1].text, "Éva");
  EXPECT_EQ(unknown[1].code_point, U'É');
  EXPECT_EQ(unknown[1].line, 2);
  EXPECT_EQ(unknown[1].column, 1);
}

TEST(PieceTokenizer, NewlinesTabsAndReturns_ArePiecesOfTheirOwn) {
  for (const char* kind : {"bpe", "unigram"}) {
    const auto tokenizer = learn(kind);
    EXPECT_THAT(displays(*tokenizer, "\n\t\r\n"), ElementsAre("\n", "\t", "\r", "\n"));
    for (TokenId id = 0; id < tokenizer->vocab_size(); ++id) {
      const std::string name = tokenizer->display(id);
      EXPECT_TRUE(name.size() == 1 || name.find_first_of("\n\t\r") == std::string::npos) << name;
    }
  }
}

TEST(PieceTokenizer, FrequentWords_BecomePieces) {
  for (const char* kind : {"bpe", "unigram"}) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "the brush and the brushes\nan ink, the inks\n";
    const auto tokenizer = learn(kind, text);
    EXPECT_LT(tokenizer->encode("the brush").size(), 5U) << kind;
  }
}

TEST(PieceTokenizer, UnseenCharacters_AreBytes) {
  for (const char* kind : {"bpe", "unigram"}) {
    const auto tokenizer = learn(kind);
    EXPECT_THAT(displays(*tokenizer, "é"), ElementsAre("<0xC3>", "<0xA9>"));
    EXPECT_THAT(displays(*tokenizer, "\u2581"), ElementsAre("<0xE2>", "<0x96>", "<0x81>"));
    for (const TokenId id : tokenizer->encode("é")) EXPECT_TRUE(tokenizer->is_fallback(id));
  }
}

TEST(PieceTokenizer, Unk_WritesNothing) {
  const auto tokenizer = learn("bpe");
  EXPECT_EQ(tokenizer->display(1), "<unk>");
  EXPECT_TRUE(tokenizer->is_fallback(1));
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{1}), "");
}

TEST(PieceTokenizer, LongLines_AreLearnedFrom) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "brush";
  EXPECT_LT(learn("unigram", text)->encode("brushbrushbrush").size(), 4U);
  EXPECT_LT(learn("bpe", text)->encode("brushbrushbrush").size(), 4U);
}

TEST(PieceTokenizer, OnlyNewlines_DataError) {
  EXPECT_THROW(learn("bpe", "\n\n\n"), DataError);
  EXPECT_THROW(learn("unigram", "\n"), DataError);
}

TEST(TokenizerOptions, WrongValues_AreAllNamed) {
  TokenizerOptions options;
  options.kind = "word";
  options.vocab_size = 5;
  options.normalize = "nfd";
  try {
    options.validate();
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("vocab_size of word"));
    EXPECT_THAT(error.what(), HasSubstr("nfd"));
  }
}

TEST(TokenizerOptions, OptionOfAnotherKind_IsRefused) {
  struct Case {
    std::string kind, unit, letter_case, message;
  };
  for (const Case& c : {Case{"char", "word", "keep", "unit must be codepoint or grapheme, got \"word\""},
                        Case{"word", "codepoint", "fold", "letter_case must be keep or factor, got \"fold\""},
                        Case{"word", "grapheme", "keep", "unit grapheme is for tokenizer char, not for word"},
                        Case{"bpe", "codepoint", "factor", "letter_case factor is for tokenizer word, not for bpe"}}) {
    TokenizerOptions options;
    options.kind = c.kind;
    options.unit = c.unit;
    options.letter_case = c.letter_case;
    try {
      options.validate();
      FAIL() << "no error: " << c.message;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(c.message));
    }
  }
}

TEST(TokenizerOptions, MisspelledKind_HintNamesTheNearest) {
  TokenizerOptions options;
  options.kind = "unigrm";
  try {
    options.validate();
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.hint(), "did you mean unigram?");
  }
}

TEST(TokenizerOptions, Defaults_AreValid) {
  for (const std::string& kind : kAllKinds) EXPECT_NO_THROW(options_of(kind).validate());
}

}  // namespace
}  // namespace fude
