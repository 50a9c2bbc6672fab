#include "fude/text/comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fude/base/error.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

TEST(MeasureUnigram, CountedByHand_BitsAgree) {
  const auto bytes = learn("byte", "x");
  const UnigramCost cost = measure_unigram(*bytes, "aab", "abé");
  EXPECT_EQ(cost.characters, 3);
  EXPECT_EQ(cost.tokens, 4);
  const double total = 3 + 257 * 0.5;
  EXPECT_NEAR(cost.bits, -std::log2(2.5 / total) - std::log2(1.5 / total) - 2 * std::log2(0.5 / total), 1e-12);
  EXPECT_DOUBLE_EQ(cost.tokens_per_character(), 4.0 / 3);
  EXPECT_DOUBLE_EQ(cost.bits_per_character(), cost.bits / 3);
}

TEST(MeasureUnigram, NothingHeldOut_IsZero) {
  const UnigramCost cost = measure_unigram(*learn("char"), "the brush", "");
  EXPECT_EQ(cost.tokens_per_character(), 0);
  EXPECT_EQ(cost.bits_per_character(), 0);
}

TEST(MeasureUnigram, LongerPieces_AskForFewerBits) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "the brush and the ink and the page\n";
  const double letters = measure_unigram(*learn("char", text), text, text).bits_per_character();
  const double words = measure_unigram(*learn("word", text), text, text).bits_per_character();
  EXPECT_LT(words, letters);
}

TEST(MeasureUnigram, InvalidUtf8_DataError) {
  EXPECT_THROW(measure_unigram(*learn("char"), "\xFF", "a"), DataError);
  EXPECT_THROW(measure_unigram(*learn("char"), "a", "\xFF"), DataError);
}

}  // namespace
}  // namespace fude
