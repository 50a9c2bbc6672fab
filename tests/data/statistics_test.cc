#include "fude/data/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/documents.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::Pair;

TextStatistics statistics_of(const std::vector<std::string>& documents, size_t characters = 0,
                             const StatisticsOptions& options = {}) {
  StatisticsCounter counter(options);
  feed(counter, documents, characters);
  return counter.finish();
}

TEST(TextStatistics, Nothing_IsAllZero) {
  const TextStatistics statistics = statistics_of({});
  EXPECT_EQ(statistics.documents + statistics.bytes + statistics.code_points + statistics.lines + statistics.words, 0);
  EXPECT_TRUE(statistics.characters.empty() && statistics.entropy.empty() && statistics.coverage.empty());
}

TEST(TextStatistics, MixedText_CountsEverythingHoweverItIsCut) {
  for (const size_t characters : {0, 1, 5}) {
    const TextStatistics statistics = statistics_of({"to b\u00E9\n\n to\tbe"}, characters);
    EXPECT_EQ(statistics.documents, 1);
    EXPECT_EQ(statistics.bytes, 14);
    EXPECT_EQ(statistics.code_points, 13);
    EXPECT_EQ(statistics.non_ascii, 1);
    EXPECT_EQ(statistics.lines, 3);
    EXPECT_EQ(statistics.words, 4);
    EXPECT_EQ(statistics.longest_line, 6);
    EXPECT_EQ(statistics.distinct_words, 3);
    EXPECT_EQ(statistics.words_seen_once, 2);
  }
}

TEST(TextStatistics, LongLines_AreNotCutInsideWordsOrSentences) {
  std::string text;
  const int64_t times = 20'000;
  for (int64_t k = 0; k < times; ++k) text += "The quick brown fox jumps over the lazy dog\nand so on. ";
  for (const size_t characters : {0, 1000, 65536}) {
    const TextStatistics statistics = statistics_of({text}, characters);
    EXPECT_EQ(statistics.words, 12 * times);
    EXPECT_EQ(statistics.distinct_words, 12);
    EXPECT_EQ(statistics.sentences, times);
  }
}

TEST(TextStatistics, TwoDocuments_AddUpAndDoNotRunTogether) {
  const TextStatistics statistics = statistics_of({"one", "two\n"});
  EXPECT_EQ(statistics.words, 2);
  EXPECT_EQ(statistics.lines, 2);
  EXPECT_EQ(statistics.sentences, 2);
}

TEST(TextStatistics, Characters_AreMostFrequentFirstThenByValue) {
  EXPECT_THAT(statistics_of({"ba\u732B", "a"}).characters,
              ElementsAre(Pair(U'a', 2), Pair(U'b', 1), Pair(U'\u732B', 1)));
}

TEST(TextStatistics, LanguagesWithoutSpaces_HaveWordsAndSentences) {
  // "The cat sleeps. The dog runs." in Japanese.
  const TextStatistics statistics = statistics_of({"\u732B\u304C\u7720\u308B\u3002\u72AC\u304C\u8D70\u308B\u3002"});
  EXPECT_EQ(statistics.words, 6);
  EXPECT_EQ(statistics.sentences, 2);
  EXPECT_THAT(statistics.scripts, ElementsAre(Pair("Han", 4), Pair("Hiragana", 4)));
}

TEST(TextStatistics, Duplicates_AreFoundWithinAnyMemory) {
  std::vector<std::string> documents;
  for (int i = 0; i < 500; ++i) documents.push_back("line " + std::to_string(i % 400) + "\n\nend\n");
  for (const int64_t memory : {int64_t{1} << 20, int64_t{100}}) {
    const TextStatistics statistics = statistics_of(documents, 0, {.memory = memory, .temporary_folder = ""});
    EXPECT_EQ(statistics.duplicate_documents, 100);
    EXPECT_EQ(statistics.duplicate_lines, 599);
  }
}

TEST(TextStatistics, Coverage_CountsTheMostFrequentWords) {
  const TextStatistics statistics = statistics_of({"a a a a a b b b c d"});
  ASSERT_EQ(statistics.coverage.size(), 5U);
  EXPECT_EQ(statistics.coverage[0].words, 1);  // 50 %
  EXPECT_EQ(statistics.coverage[1].words, 2);  // 80 %
  EXPECT_EQ(statistics.coverage[2].words, 3);  // 90 %
  EXPECT_EQ(statistics.coverage[4].words, 4);  // 99 %
}

}  // namespace
}  // namespace fude
