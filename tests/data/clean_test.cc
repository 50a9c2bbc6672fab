#include "fude/data/clean.h"

#include <gtest/gtest.h>

#include "fude/base/error.h"

namespace fude {
namespace {

struct Row {
  std::string name;
  std::string text;
  std::string expected;
};

class CleanTable : public testing::TestWithParam<Row> {};

TEST_P(CleanTable, DefaultOptions_GivesExpected) { EXPECT_EQ(clean(GetParam().text, {}), GetParam().expected); }

TEST_P(CleanTable, SecondTime_ChangesNothing) {
  CleanReport report;
  EXPECT_EQ(clean(GetParam().expected, {}, &report), GetParam().expected);
  EXPECT_EQ(report.crlf + report.lone_cr + report.byte_order_marks + report.normalized_lines + report.trimmed_lines, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Clean, CleanTable,
    testing::Values(Row{"Empty", "", ""}, Row{"Plain", "one\ntwo", "one\ntwo"}, Row{"Crlf", "a\r\nb\r\n", "a\nb\n"},
                    Row{"LoneCr", "a\rb\r", "a\nb\n"}, Row{"CrBeforeCrlf", "a\r\r\nb", "a\n\nb"},
                    Row{"TrailingSpace", "a \t\n  b\u3000\u00A0\n \n", "a\n  b\n\n"},
                    Row{"SpaceBeforeCrlf", "a \r\nb", "a\nb"}, Row{"Decomposed", "cafe\u0301\n", "caf\u00E9\n"},
                    Row{"MarkAtStart", "\uFEFFtext", "text"}, Row{"MarkInside", "one\n\uFEFFtwo", "one\ntwo"},
                    Row{"MarkBetweenCrAndLf", "a\r\uFEFF\nb", "a\nb"}, Row{"SpaceBeforeMark", "a \uFEFF\n", "a\n"},
                    Row{"Emoji", "\U0001F468\u200D\U0001F469\u200D\U0001F467 \n",
                        "\U0001F468\u200D\U0001F469\u200D\U0001F467\n"}),
    [](const auto& row) { return row.param.name; });

TEST(Clean, Report_CountsEachStepAndAddsUp) {
  CleanReport report;
  clean("\uFEFFone \r\ntwo\rcafe\u0301 \n", {}, &report);
  EXPECT_EQ(report.byte_order_marks, 1);
  EXPECT_EQ(report.crlf, 1);
  EXPECT_EQ(report.lone_cr, 1);
  EXPECT_EQ(report.normalized_lines, 1);
  EXPECT_EQ(report.trimmed_lines, 2);
  clean("a\r\n", {}, &report);
  EXPECT_EQ(report.crlf, 2);
}

TEST(Clean, EverythingOff_KeepsText) {
  const CleanOptions off{.newlines = false, .byte_order_marks = false, .normalize = "none", .trim = false};
  const std::string text = "\uFEFFone \r\ncafe\u0301\r";
  EXPECT_EQ(clean(text, off), text);
}

TEST(Clean, Nfkc_FoldsCompatibilityForms) {
  EXPECT_EQ(clean("\uFF21\uFF22\uFF23 \uFB01\n", {.normalize = "nfkc"}), "ABC fi\n");
}

TEST(Clean, UnknownNormalization_IsConfigError) { EXPECT_THROW(clean("a", {.normalize = "nfx"}), ConfigError); }

}  // namespace
}  // namespace fude
