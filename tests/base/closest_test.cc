#include "base/closest.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(EditDistance, KnownPairs) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("flaw", "lawn"), 2u);
  EXPECT_EQ(edit_distance("same", "same"), 0u);
}

TEST(Closest, Wanted_FindsWhatWasMeant) {
  const std::vector<std::string> words = {"temperature", "top-k", "top-p", "input.txt", "seed"};
  EXPECT_EQ(closest("temprature", words), "temperature");
  EXPECT_EQ(closest("sed", words), "seed");
  EXPECT_EQ(closest("top-p", words), "top-p");
  EXPECT_EQ(closest("input", words), "input.txt");
  EXPECT_EQ(closest("t", words), "temperature");
}

TEST(Closest, NothingNear_IsEmpty) {
  const std::vector<std::string> words = {"temperature", "a", "zz"};
  EXPECT_EQ(closest("seed", words), "");
  EXPECT_EQ(closest("b", words), "");
  EXPECT_EQ(closest("", words), "");
  EXPECT_EQ(closest("seed", {}), "");
}

}  // namespace
}  // namespace fude
