#include <gtest/gtest.h>
#include <unicode/normalizer2.h>

#include <set>
#include <string>
#include <vector>

#include "fude/base/random.h"
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

std::string by_icu(const std::string& text, Normalization form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const normalizer = form == Normalization::kNfc ? icu::Normalizer2::getNFCInstance(status)
                                                                         : icu::Normalizer2::getNFKCInstance(status);
  std::string normal;
  normalizer->normalize(icu::UnicodeString::fromUTF8(text), status).toUTF8String(normal);
  EXPECT_TRUE(U_SUCCESS(status));
  return normal;
}

// Marks that are taken apart or joined, Tibetan vowels that begin with a mark though they are none, parts of Hangul.
TEST(Normalize, LongRunsOfMarks_BecomeWhatIcuMakesOfThem) {
  const std::u32string marks =
      U"\u0301\u0323\u0302\u0315\u0344\u0340\u0345\u0F71\u0F73\u0F75\u0F81\u05BC\u3099\u1161\u11A8\u093C\u034F";
  const std::u32string letters = U"ae\u00E0\u1EA5\u1100\u304B\uFC5E\uAC00\n ";
  Random random(5);
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (int run = 0; run < 3; ++run) {
      append_utf8(text, letters[random.below(letters.size())]);
      const size_t kinds = 1 + random.below(marks.size());
      for (size_t k = random.below(1200); k > 0; --k)
        append_utf8(text, marks[(random.below(kinds) + i) % marks.size()]);
    }
    for (const Normalization form : {Normalization::kNfc, Normalization::kNfkc}) {
      const std::string normal = normalize(text, form);
      EXPECT_EQ(normal, by_icu(text, form)) << i;
      EXPECT_EQ(normalize(normal, form), normal) << i;
    }
  }
}

// Would take hours if each mark were moved past those before it.
TEST(Normalize, EndlessRunsOfMarks_TakeNoLongerThanTheirSize) {
  for (const char* pair : {"\u0301\u0323", "\u0F73", "\u0344\u0323", "\u1161\u11A8", "\u0323\u0323"}) {
    std::string text = "a";
    while (text.size() < 1'000'000) text += pair;
    EXPECT_GE(normalize(text, Normalization::kNfc).size(), text.size() / 2) << pair;
  }
}

}  // namespace
}  // namespace fude
