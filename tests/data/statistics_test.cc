#include "fude/data/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fude {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(TextStatistics, Empty_IsAllZero) {
  const TextStatistics statistics;
  EXPECT_EQ(statistics.bytes() + statistics.code_points() + statistics.lines() + statistics.words(), 0);
  EXPECT_TRUE(statistics.by_count().empty());
}

TEST(TextStatistics, MixedText_CountsEverything) {
  TextStatistics statistics;
  statistics.add("to b\u00E9\n\n to\tbe");
  EXPECT_EQ(statistics.texts(), 1);
  EXPECT_EQ(statistics.bytes(), 14);
  EXPECT_EQ(statistics.code_points(), 13);
  EXPECT_EQ(statistics.non_ascii(), 1);
  EXPECT_EQ(statistics.lines(), 3);
  EXPECT_EQ(statistics.words(), 4);
  EXPECT_EQ(statistics.longest_line(), 6);
}

TEST(TextStatistics, TwoTexts_AddUpAndDoNotRunTogether) {
  TextStatistics statistics;
  statistics.add("one");
  statistics.add("two\n");
  EXPECT_EQ(statistics.words(), 2);
  EXPECT_EQ(statistics.lines(), 2);
}

TEST(TextStatistics, ByCount_IsMostFrequentFirstThenByValue) {
  TextStatistics statistics;
  statistics.add("ba\u732B");
  statistics.add("a");
  EXPECT_THAT(statistics.by_count(), ElementsAre(Pair(U'a', 2), Pair(U'b', 1), Pair(U'\u732B', 1)));
}

TEST(IsWhiteSpace, SpacesOfOtherScripts_AreWhiteSpace) {
  for (const char32_t c : {U' ', U'\t', U'\u00A0', U'\u2003', U'\u3000'}) EXPECT_TRUE(is_white_space(c)) << uint32_t{c};
  for (const char32_t c : {U'a', U'\u200B', U'\u200D', U'\uFEFF', U'\0'})
    EXPECT_FALSE(is_white_space(c)) << uint32_t{c};
}

}  // namespace
}  // namespace fude
