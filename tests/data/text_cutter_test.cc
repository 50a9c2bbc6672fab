#include "data/text_cutter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/text/unicode.h"

namespace fude {
namespace {

// Given to the cutter in pieces of `step` bytes, moved on to whole characters.
std::vector<std::string> cut(const std::string& text, size_t step) {
  std::vector<std::string> pieces;
  TextCutter cutter;
  const TextCutter::Sink sink = [&](std::string_view piece) { pieces.emplace_back(piece); };
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(begin + step, text.size());
    while (end < text.size() && (text[end] & 0xC0) == 0x80) ++end;
    cutter.push(std::string_view(text).substr(begin, end - begin), sink);
    begin = end;
  }
  cutter.finish(sink);
  return pieces;
}

std::string repeated(std::string_view part, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  return text;
}

TEST(TextCutter, Pieces_DependOnTheTextAlone) {
  for (const char* part : {"one two\r\n", "長い文。", "e\u0301", "word ", "\n\n \t"}) {
    const std::string text = repeated(part, 3'000'000);
    const auto pieces = cut(text, size_t{1} << 20);
    EXPECT_GT(pieces.size(), 4u);
    EXPECT_TRUE(pieces == cut(text, 1000)) << part;
    EXPECT_TRUE(pieces == cut(text, text.size())) << part;
    std::string joined;
    for (const std::string& piece : pieces) {
      joined += piece;
      EXPECT_LE(piece.size(), 2 * TextCutter::kSize);
    }
    EXPECT_TRUE(joined == text);
  }
}

TEST(TextCutter, Pieces_EndWhereALineEndBeginsTheNext) {
  const auto pieces = cut(repeated("some words and\r\na line\n", 1'500'000), 100000);
  for (size_t k = 1; k < pieces.size(); ++k) {
    EXPECT_TRUE(pieces[k].starts_with("\r\n") || pieces[k].starts_with("\n"));
    EXPECT_NE(pieces[k - 1].back(), '\r');
  }
}

TEST(TextCutter, LongLines_AreCutBeforeWhiteSpaceOrAtLeastBetweenLetters) {
  const auto words = cut(repeated("word  ", 1'500'000), 100000);
  for (size_t k = 1; k < words.size(); ++k) {
    EXPECT_EQ(words[k].substr(0, 3), "  w");
    EXPECT_EQ(words[k - 1].back(), 'd');
  }
  const auto accents = cut(repeated("e\u0301", 1'500'000), 100000);
  for (const std::string& piece : accents) EXPECT_EQ(piece[0], 'e');
}

TEST(TextCutter, ShortDocuments_AreOnePiece) {
  EXPECT_EQ(cut("one\ntwo\n", 3), std::vector<std::string>{"one\ntwo\n"});
}

}  // namespace
}  // namespace fude
