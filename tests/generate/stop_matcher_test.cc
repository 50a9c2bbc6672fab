#include "generate/stop_matcher.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fude {
namespace {

struct Case {
  std::vector<std::string> stops;
  std::string text;
  std::string expected;
  bool matched;
};

const Case kCases[] = {
    {{}, "anything", "anything", false},
    {{"END"}, "the END.", "the ", true},
    {{"END"}, "the EN", "the EN", false},
    {{"END"}, "ENEND", "EN", true},
    {{"END"}, "END", "", true},
    {{"aab"}, "aaab", "a", true},
    {{"abab"}, "aababab", "a", true},
    {{"\n"}, "one\ntwo", "one", true},
    {{"x", "END"}, "ENDx", "", true},
    {{"two", "one"}, "0one two", "0", true},
    // The first to be complete counts, even if a longer one begins before it.
    {{"abcd", "bc"}, "abcd", "a", true},
    // Complete at the same character: the longer one.
    {{"cd", "abcd", "bcd"}, "zabcd", "z", true},
    {{"ab", "abab"}, "abab", "", true},
    {{"。", "おわり"}, "これでおわり。", "これで", true},
    {{"おわり"}, "これでおわる", "これでおわる", false},
};

std::string name(const Case& example) {
  std::string text = "\"" + example.text + "\", stops:";
  for (const std::string& stop : example.stops) text += " \"" + stop + "\"";
  return text;
}

// Every way to cut a text into pieces, one bit a gap.
TEST(StopMatcher, EverySplit_GivesTheSameText) {
  for (const Case& example : kCases) {
    if (example.text.size() > 12) continue;
    const unsigned gaps = static_cast<unsigned>(example.text.size()) - 1;
    for (unsigned cuts = 0; cuts < 1u << gaps; ++cuts) {
      StopMatcher matcher(example.stops);
      std::string got, piece;
      for (size_t i = 0; i < example.text.size(); ++i) {
        piece += example.text[i];
        if (i < gaps && (cuts >> i & 1) == 0) continue;
        got += matcher.push(piece);
        piece.clear();
      }
      EXPECT_EQ(matcher.matched(), example.matched) << name(example) << " cuts " << cuts;
      got += matcher.finish();
      ASSERT_EQ(got, example.expected) << name(example) << " cuts " << cuts;
    }
  }
}

TEST(StopMatcher, TwoPieces_GiveTheSameText) {
  for (const Case& example : kCases) {
    for (size_t cut = 0; cut <= example.text.size(); ++cut) {
      StopMatcher matcher(example.stops);
      std::string got = matcher.push(example.text.substr(0, cut));
      got += matcher.push(example.text.substr(cut));
      EXPECT_EQ(matcher.matched(), example.matched) << name(example) << " cut " << cut;
      EXPECT_EQ(got + matcher.finish(), example.expected) << name(example) << " cut " << cut;
    }
  }
}

TEST(StopMatcher, Push_HoldsBackOnlyWhatMayBeginAStopText) {
  StopMatcher matcher({"END", "Nil"});
  EXPECT_EQ(matcher.push("the E"), "the ");
  EXPECT_EQ(matcher.push("N"), "");
  EXPECT_EQ(matcher.push("i"), "E");
  EXPECT_EQ(matcher.push("e"), "Nie");
  EXPECT_EQ(matcher.push("E"), "");
  EXPECT_EQ(matcher.finish(), "E");
  EXPECT_EQ(matcher.finish(), "");
}

TEST(StopMatcher, AfterAMatch_NothingComesOut) {
  StopMatcher matcher({"."});
  EXPECT_EQ(matcher.push("a.b"), "a");
  EXPECT_EQ(matcher.push("c"), "");
  EXPECT_EQ(matcher.finish(), "");
  EXPECT_TRUE(matcher.matched());
}

}  // namespace
}  // namespace fude
