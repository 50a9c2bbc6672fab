#include "data/text_file.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

std::string text_of(std::string_view bytes, FileInfo& info, const std::string& encoding = "auto") {
  std::string text;
  CorpusOptions options;
  options.encoding = encoding;
  read_text(std::make_unique<MemorySource>(bytes), "a.txt", options, encoding, info,
            [&](std::string_view piece) { text += piece; });
  return text;
}

// Text is read in pieces: one that ends with the first bytes beyond ASCII does not decide alone.
TEST(ReadText, BytesBeyondAsciiAtTheEndOfAPiece_AreToldFromTheNextOne) {
  std::string shift_jis, japanese;
  for (int line = 0; line < 100; ++line) {
    shift_jis += "\x94\x92\x82\xA2\x94\x4C\x82\xAA\x82\xA2\x82\xE9\x81\x42\n";
    japanese += "白い猫がいる。\n";
  }
  for (const size_t before : {size_t{1}, size_t{2}, size_t{5}, size_t{20}, size_t{70}}) {
    const std::string ascii(kPieceBytes - before, 'x');
    FileInfo info;
    EXPECT_TRUE(text_of(ascii + shift_jis, info) == ascii + japanese) << before;
    EXPECT_EQ(info.encoding, "Shift_JIS") << before;
    EXPECT_TRUE(text_of(ascii + "é", info).starts_with(ascii)) << before;
    EXPECT_EQ(info.encoding, "UTF-8") << before;
  }
}

TEST(ReadText, Utf16GivenWithoutAMark_IsReadInTheOrderOfItsBytes) {
  const std::string_view little("h\0i\0\n\0", 6), big("\0h\0i\0\n", 6), marked("\xFE\xFF\0h\0i\0\n", 8);
  FileInfo info;
  for (const std::string_view bytes : {little, big, marked}) EXPECT_EQ(text_of(bytes, info, "utf16"), "hi\n");
  EXPECT_EQ(text_of(little, info, "utf16"), "hi\n");
  EXPECT_EQ(info.encoding, "UTF-16LE");
  EXPECT_EQ(text_of(std::string_view("h\0\0\0\n\0\0\0", 8), info, "UTF-32"), "h\n");
  EXPECT_NE(text_of(little, info, "UTF-16BE"), "hi\n");  // who says more is believed
}

}  // namespace
}  // namespace fude
