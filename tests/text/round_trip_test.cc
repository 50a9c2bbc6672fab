#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/text/unicode.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

using std::string_literals::operator""s;

const std::vector<std::string> kTexts = {
    "",
    "a",
    " ",
    "\n",
    "\n\n\n",
    "The brush waits.",
    "Unseen: QXZ {|}~ 0123",
    " leading",
    "trailing ",
    "   many   spaces   ",
    "tab\tand\t\ttabs",
    "one\r\ntwo\r\n\r\nthree\rfour",
    "筆は墨を飲む。未知の漢字：龍麟。",
    "全角　スペース　ＡＢＣ",
    "שלום עולם, מה נשמע?",
    "مرحبا بالعالم؛ كيف الحال؟",
    "สวัสดีชาวโลก",
    "e\u0301 o\u0302\u0323 n\u0303",
    "\u0301starts with a mark",
    "한국어와 \u1112\u1161\u11AB",
    "👩‍👩‍👧‍👦 👍🏽 🇯🇵 ❤️ 🏴‍☠️",
    "\u2581 a lower block, twice: \u2581\u2581x\u2581",
    "\u2585 and \u2047 and \uFFFD",
    "nul\0in the middle\0\0"s,
    "\0"s,
    "\x01\x02\x1B[0m\x7F",
    "<eos><unk><s></s><0x41><0xE> <eos> <unk>",
    "no-break\u00A0space, zero\u200Bwidth, bom\uFEFF",
    "line\u2028separator\u2029paragraph\u0085next",
    "\uE000\uFDD0\uFFFE\U000F0000\U0010FFFF",
    "the the the the the the the the",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

class LosslessTokenizer : public testing::TestWithParam<std::string> {
 protected:
  const std::unique_ptr<Tokenizer> tokenizer_ = learn(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Kinds, LosslessTokenizer, testing::ValuesIn(kLosslessKinds), test_name);

TEST_P(LosslessTokenizer, AwkwardTexts_ComeBackNormalized) {
  for (const std::string& text : kTexts) {
    const std::vector<TokenId> ids = tokenizer_->encode(text);
    EXPECT_EQ(tokenizer_->decode(ids), normalize(text, Normalization::kNfc)) << text;
    for (const TokenId id : ids) ASSERT_TRUE(id > 0 && id < tokenizer_->vocab_size()) << text;
  }
}

TEST_P(LosslessTokenizer, NormalizationNone_TextsComeBackUnchanged) {
  const auto tokenizer = learn(GetParam(), kTrainingText, 0, "none");
  for (const std::string& text : kTexts) EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
}

TEST_P(LosslessTokenizer, NormalizationNfkc_FullWidthIsFolded) {
  const auto tokenizer = learn(GetParam(), kTrainingText, 0, "nfkc");
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("Ｔｈｅ　ｉｎｋ…")), "The ink...");
}

TEST_P(LosslessTokenizer, StreamDecoder_WholeCharactersThatTogetherAreTheText) {
  for (const std::string& text : kTexts) {
    StreamDecoder decoder(*tokenizer_);
    std::string streamed;
    for (const TokenId id : tokenizer_->encode(text)) {
      const std::string part = decoder.push(id);
      ASSERT_EQ(find_invalid_utf8(part), kValidUtf8) << text;
      streamed += part;
    }
    EXPECT_EQ(decoder.finish(), "") << text;
    EXPECT_EQ(streamed, normalize(text, Normalization::kNfc));
  }
}

TEST_P(LosslessTokenizer, TrainedOnLittle_StillGivesEveryTextBack) {
  for (const char* training : {"a", "aa", "ab", " x", "Zebra.\n", "筆", "no-spaces-here", "\tx"}) {
    const auto tokenizer = learn(GetParam(), training);
    for (const std::string& text : kTexts)
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), normalize(text, Normalization::kNfc)) << training;
  }
}

TEST_P(LosslessTokenizer, AllDocumentsTaught_EveryOneIsRead) {
  const TokenizerOptions options = options_of(GetParam());
  const auto tokenizer = train_tokenizer(options, [](const TextSink& sink) {
    sink("");
    sink("abc abc");
    sink("xyz xyz");
  });
  EXPECT_TRUE(tokenizer->unknown_symbols("abcxyz ", 9).empty());
}

class AnyTokenizer : public testing::TestWithParam<std::string> {
 protected:
  const std::unique_ptr<Tokenizer> tokenizer_ = learn(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Kinds, AnyTokenizer, testing::ValuesIn(kAllKinds), test_name);

TEST_P(AnyTokenizer, Kind_IsWhatWasAsked) { EXPECT_EQ(tokenizer_->kind(), options_of(GetParam()).kind); }

TEST_P(AnyTokenizer, Eos_IsTokenZero) {
  EXPECT_EQ(tokenizer_->eos(), 0);
  EXPECT_EQ(tokenizer_->display(0), "<eos>");
  EXPECT_FALSE(tokenizer_->is_fallback(0));
  EXPECT_EQ(tokenizer_->decode(std::vector<TokenId>{0}), GetParam() == "whitespace" ? "\n" : "");
}

TEST_P(AnyTokenizer, EveryToken_HasAValidDisplay) {
  for (TokenId id = 0; id < tokenizer_->vocab_size(); ++id) {
    EXPECT_NE(tokenizer_->display(id), "");
    EXPECT_EQ(find_invalid_utf8(tokenizer_->display(id)), kValidUtf8);
  }
}

TEST_P(AnyTokenizer, Encode_AppendsToWhatIsThere) {
  std::vector<TokenId> ids = {42};
  tokenizer_->encode("The ink", ids);
  EXPECT_EQ(ids[0], 42);
  EXPECT_EQ(std::vector<TokenId>(ids.begin() + 1, ids.end()), tokenizer_->encode("The ink"));
}

TEST_P(AnyTokenizer, InvalidUtf8_DataErrorNamesTheOffset) {
  std::vector<TokenId> ids;
  try {
    tokenizer_->encode("ab\xFFzz", ids);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("byte offset 2: 0xFF"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(ids.empty());
  EXPECT_THROW(tokenizer_->unknown_symbols("\xE3\x81", 1), DataError);
  EXPECT_THROW(learn(GetParam(), "ok \xC0"), DataError);
}

TEST_P(AnyTokenizer, IdOutsideTheVocabulary_DataError) {
  DecodeState state;
  std::string bytes;
  for (const TokenId id : {-1, tokenizer_->vocab_size(), 1 << 30}) {
    EXPECT_THROW(tokenizer_->decode_step(id, state, bytes), DataError);
    EXPECT_THROW(tokenizer_->display(id), DataError);
    EXPECT_FALSE(tokenizer_->is_fallback(id));
  }
}

TEST_P(AnyTokenizer, RandomTokens_DecodeToValidTextInAnyWay) {
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    std::vector<TokenId> ids;
    for (uint64_t n = random.below(20); n > 0; --n)
      ids.push_back(static_cast<TokenId>(random.below(static_cast<uint64_t>(tokenizer_->vocab_size()))));
    const std::string text = tokenizer_->decode(ids);
    ASSERT_EQ(find_invalid_utf8(text), kValidUtf8);
    StreamDecoder decoder(*tokenizer_);
    std::string streamed;
    for (const TokenId id : ids) streamed += decoder.push(id);
    streamed += decoder.finish();
    ASSERT_EQ(streamed, text);
  }
}

TEST_P(AnyTokenizer, NoText_DataError) {
  EXPECT_THROW(learn(GetParam(), ""), DataError);
  const TokenizerOptions options = options_of(GetParam());
  EXPECT_THROW(train_tokenizer(options, [](const TextSink&) {}), DataError);
}

TEST_P(AnyTokenizer, SameTextTwice_SameTokenizer) {
  const auto again = learn(GetParam());
  EXPECT_EQ(again->fingerprint(), tokenizer_->fingerprint());
  EXPECT_EQ(again->save().blob, tokenizer_->save().blob);
  EXPECT_EQ(tokenizer_->fingerprint().size(), 32U);
}

TEST_P(AnyTokenizer, OtherTextOrNormalization_OtherFingerprint) {
  EXPECT_NE(learn(GetParam(), kTrainingText, 0, "nfkc")->fingerprint(), tokenizer_->fingerprint());
  if (GetParam() != "byte") {
    EXPECT_NE(learn(GetParam(), "Another text altogether.")->fingerprint(), tokenizer_->fingerprint());
  }
}

TEST_P(AnyTokenizer, SavedAndLoaded_SameIdsNamesAndFingerprint) {
  const TokenizerData data = tokenizer_->save();
  EXPECT_EQ(find_invalid_utf8(data.json), kValidUtf8);
  const auto loaded = load_tokenizer(data);
  EXPECT_EQ(loaded->kind(), tokenizer_->kind());
  EXPECT_EQ(loaded->vocab_size(), tokenizer_->vocab_size());
  EXPECT_EQ(loaded->fingerprint(), tokenizer_->fingerprint());
  for (const std::string& text : kTexts) EXPECT_EQ(loaded->encode(text), tokenizer_->encode(text));
  for (TokenId id = 0; id < loaded->vocab_size(); ++id) {
    EXPECT_EQ(loaded->display(id), tokenizer_->display(id));
    EXPECT_EQ(loaded->is_fallback(id), tokenizer_->is_fallback(id));
  }
}

TEST_P(AnyTokenizer, SeveralThreads_GetTheSameIds) {
  const std::vector<TokenId> expected = tokenizer_->encode(kTrainingText);
  std::vector<std::vector<TokenId>> ids(4);
  std::vector<std::thread> threads;
  for (std::vector<TokenId>& mine : ids) threads.emplace_back([&] { tokenizer_->encode(kTrainingText, mine); });
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<TokenId>& mine : ids) EXPECT_EQ(mine, expected);
}

TEST(VocabularyLimit, SmallOnes_AreKeptAndLoseNothing) {
  for (const char* kind : {"char", "char/grapheme", "word", "word/factor", "bpe", "unigram"}) {
    const bool pieces = std::string(kind) == "bpe" || std::string(kind) == "unigram";
    for (const int limit : pieces ? std::vector{320, 330, 400} : std::vector{32, 40, 64}) {
      const auto tokenizer = learn(kind, kTrainingText, limit);
      EXPECT_LE(tokenizer->vocab_size(), limit) << kind;
      EXPECT_GE(tokenizer->vocab_size(), limit / 2) << kind;
      for (const std::string& text : kTexts)
        EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), normalize(text, Normalization::kNfc)) << kind << limit;
    }
  }
}

// More than SentencePiece is given to learn from, so a sample is drawn.
TEST(LongText, PiecesFromASample_SameSeedSameModel) {
  Random random(1);
  std::string text;
  while (text.size() < (10U << 20)) {
    for (int i = 0; i < 12; ++i) text += (i == 0 ? "word" : " word") + std::to_string(random.below(40));
    text += '\n';
  }
  const auto tokenizer = learn("bpe", text, 400);
  EXPECT_EQ(learn("bpe", text, 400)->fingerprint(), tokenizer->fingerprint());
  EXPECT_LT(tokenizer->encode("word1 word2 word3").size(), 9U);
}

TEST(Fingerprint, EveryKind_IsDistinct) {
  std::map<std::string, std::string> kinds;
  for (const std::string& kind : kAllKinds) kinds[learn(kind)->fingerprint()] = kind;
  EXPECT_EQ(kinds.size(), kAllKinds.size());
}

}  // namespace
}  // namespace fude
