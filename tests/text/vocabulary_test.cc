#include "text/vocabulary.h"

#include <gtest/gtest.h>

#include <string>

namespace fude {
namespace {

TEST(PieceCounts, MoreThanTheLimit_ForgetsTheRarestOnly) {
  PieceCounts counts(100);
  for (int k = 0; k < 1000; ++k) {
    counts.add("rare" + std::to_string(k));
    if (k % 2 == 0) counts.add("often");
    counts.add("most");
  }
  const auto pieces = counts.by_frequency();
  EXPECT_LE(pieces.size(), 100u);
  EXPECT_EQ(pieces[0], (std::pair<std::string, int64_t>("most", 1000)));
  EXPECT_EQ(pieces[1], (std::pair<std::string, int64_t>("often", 500)));
}

TEST(PieceCounts, NoLimit_ForgetsNothing) {
  PieceCounts counts;
  for (int k = 0; k < 1000; ++k) counts.add(std::to_string(k));
  EXPECT_EQ(counts.by_frequency().size(), 1000u);
}

}  // namespace
}  // namespace fude
