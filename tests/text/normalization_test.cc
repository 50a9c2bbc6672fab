#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "text/unicode_data.h"

namespace fude {
namespace {

std::string nfc(const std::string& text) { return normalize(text, Normalization::kNfc); }
std::string nfkc(const std::string& text) { return normalize(text, Normalization::kNfkc); }

// Columns of the file: a source, its NFC, NFD, NFKC and NFKD. What they must become is told at its head.
TEST(UnicodeConformance, NormalizationTest_EveryLine) {
  const std::vector<std::string> lines = unicode_data_lines("NormalizationTest.txt.bz2");
  std::set<std::string> listed;  // single code points of part 1
  bool in_part_1 = false;
  size_t tested = 0;
  for (const std::string& line : lines) {
    if (line.starts_with("@")) {
      in_part_1 = line.starts_with("@Part1");
      continue;
    }
    std::vector<std::string> columns = fields(line);
    ASSERT_GE(columns.size(), 5U) << line;
    for (std::string& column : columns) column = from_code_points(column);
    for (size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(nfc(columns[i]), columns[i < 3 ? 1 : 3]) << line;
      EXPECT_EQ(nfkc(columns[i]), columns[3]) << line;
    }
    if (in_part_1) listed.insert(columns[0]);
    ++tested;
  }
  EXPECT_GE(tested, 19000U);
  // Every other code point is its own form.
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code_point);
    if (listed.count(text) > 0) continue;
    ASSERT_EQ(nfc(text), text) << code_point_name(code_point);
    ASSERT_EQ(nfkc(text), text) << code_point_name(code_point);
  }
}

}  // namespace
}  // namespace fude
