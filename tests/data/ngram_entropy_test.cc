#include "data/ngram_entropy.h"

#include <gtest/gtest.h>

#include "data/word_counts.h"

namespace fude {
namespace {

TEST(NgramEntropy, CertainText_TellsNothing) {
  NgramEntropy entropy(1000);
  entropy.add(std::string(500, 'a'));
  for (const double bits : entropy.bits(5)) EXPECT_NEAR(bits, 0, 1e-9);
}

TEST(NgramEntropy, PeriodicText_IsUnsureOfTheFirstCharacterOnly) {
  NgramEntropy entropy(1 << 16);
  for (int i = 0; i < 1000; ++i) entropy.add("abcd");
  const std::vector<double> bits = entropy.bits(3);
  ASSERT_EQ(bits.size(), 3U);
  EXPECT_NEAR(bits[0], 2, 1e-3);
  EXPECT_NEAR(bits[1], 0, 1e-3);
  EXPECT_NEAR(bits[2], 0, 1e-3);
}

TEST(NgramEntropy, IndependentCharacters_TellAllTheirBitsEachTime) {
  Random random(5);
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += static_cast<char>('a' + random.below(4));
  NgramEntropy entropy(1 << 17);
  entropy.add(text);
  EXPECT_EQ(entropy.characters(), 100'000);
  for (const double bits : entropy.bits(5)) EXPECT_NEAR(bits, 2, 0.02);
}

TEST(NgramEntropy, LongText_IsSampledFromAllOfIt) {
  NgramEntropy entropy(1000, /*block=*/10);
  for (int i = 0; i < 10'000; ++i) entropy.add(i < 5'000 ? "a" : "b");
  EXPECT_EQ(entropy.characters(), 1000);
  EXPECT_NEAR(entropy.bits(1)[0], 1, 0.1);  // about as many of each
}

TEST(NgramEntropy, ShortTexts_HaveOnlyTheNgramsThatFit) {
  EXPECT_TRUE(NgramEntropy(100).bits(5).empty());
  NgramEntropy entropy(100);
  entropy.add("\u732B\u304C");
  EXPECT_EQ(entropy.bits(5).size(), 2U);
}

TEST(WordCounts, MoreWordsThanTheLimit_KeepsFrequentOnes) {
  WordCounts counts(100);
  for (int i = 0; i < 1000; ++i) {
    counts.add("often");
    counts.add("word " + std::to_string(i));
  }
  EXPECT_TRUE(counts.forgot());
  EXPECT_LE(counts.distinct(), 100);
  EXPECT_EQ(counts.total(), 2000);
  EXPECT_EQ(counts.needed_for({0.5}), std::vector<int64_t>{1});
}

TEST(WordCounts, FewWords_AreCountedExactly) {
  WordCounts counts(100);
  for (const char* const word : {"a", "b", "a"}) counts.add(word);
  EXPECT_FALSE(counts.forgot());
  EXPECT_EQ(counts.distinct(), 2);
  EXPECT_EQ(counts.seen_once(), 1);
}

}  // namespace
}  // namespace fude
