#include "data/character_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/documents.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::Pair;
using Texts = std::vector<std::string>;

Texts folded(const Texts& documents, const CharacterSetOptions& options, CharacterSetReport& report,
             size_t characters = 0) {
  CharacterCounter counter;
  feed(counter, documents, characters);
  Documents left;
  CharacterFolder folder(counter.counts(), options, report, left);
  feed(folder, documents, characters);
  return left.all;
}

TEST(CharacterCounts, ByCount_IsMostFrequentFirstThenByValue) {
  CharacterCounts counts;
  counts.add("ba\u732B");
  counts.add("a");
  EXPECT_EQ(counts.total(), 4);
  EXPECT_EQ(counts.non_ascii(), 1);
  EXPECT_THAT(counts.by_count(), ElementsAre(Pair(U'a', 2), Pair(U'b', 1), Pair(U'\u732B', 1)));
}

TEST(CharacterFolder, RareCharacters_BecomeRelativesOrGo) {
  for (const size_t characters : {0, 1}) {
    CharacterSetReport report;
    // Newline and the six most frequent: e " ' a b and the space.
    EXPECT_EQ(folded({"eeee\"\"\"'''aaabbb   \u00E9\u201Cb\u2019\u732B\nA"}, {.max_chars = 7}, report, characters),
              Texts{"eeee\"\"\"'''aaabbb   e\"b'\na"});
    EXPECT_EQ(report.rare_characters, 5);
    EXPECT_EQ(report.folded, 4);
    EXPECT_EQ(report.dropped, 1);
    EXPECT_EQ(report.replaced, 0);
  }
}

TEST(CharacterFolder, Replace_SpendsOneOfTheCharacters) {
  CharacterSetReport report;
  EXPECT_EQ(folded({"aaabb\u732B\n"}, {.max_chars = 3, .rare = "replace"}, report), Texts{"aaa\uFFFD\uFFFD\uFFFD\n"});
  EXPECT_EQ(report.replaced, 3);
  EXPECT_EQ(report.rare_characters, 2);
}

TEST(CharacterFolder, LettersThatHaveNoMarks_BecomeTheirNearestToo) {
  CharacterSetReport report;
  const std::string kept = "aaaassssttttrrrreeeeooooddddiiiinnnnllll    ";
  EXPECT_EQ(folded({kept + "Straße Łódź ırmak \u00F8re s\u0153ur"}, {.max_chars = 12}, report),
            Texts{kept + "strasse lod ira ore soer"});
}

TEST(CharacterFolder, EnoughRoom_ChangesNothing) {
  CharacterSetReport report;
  EXPECT_EQ(folded({"abc\n"}, {.max_chars = 4, .rare = "replace"}, report), Texts{"abc\n"});
  EXPECT_EQ(report.rare_characters, 0);
}

TEST(CharacterFolder, DocumentOfRareCharactersAlone_IsDropped) {
  CharacterSetReport report;
  EXPECT_EQ(folded({"aab", "\u732B\n"}, {.max_chars = 3}, report), Texts{"aab"});
  EXPECT_EQ(report.emptied_documents, 1);
}

}  // namespace
}  // namespace fude
