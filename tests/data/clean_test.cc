#include "fude/data/clean.h"

#include <gtest/gtest.h>

#include "data/documents.h"
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

TEST_P(CleanTable, TextThatComesInPieces_GivesTheSame) {
  for (const size_t characters : {1, 2, 3}) {
    Documents cleaned;
    Cleaner cleaner({}, cleaned);
    feed(cleaner, {GetParam().text}, characters);
    EXPECT_EQ(cleaned.all.empty() ? "" : cleaned.all[0], GetParam().expected) << characters;
  }
}

TEST_P(CleanTable, SecondTime_ChangesNothing) {
  CleanReport report;
  EXPECT_EQ(clean(GetParam().expected, {}, &report), GetParam().expected);
  EXPECT_EQ(report.crlf + report.lone_cr + report.byte_order_marks + report.normalized_lines + report.trimmed_lines, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Clean, CleanTable,
    testing::Values(
        Row{"Empty", "", ""}, Row{"Plain", "one\ntwo", "one\ntwo"}, Row{"Crlf", "a\r\nb\r\n", "a\nb\n"},
        Row{"LoneCr", "a\rb\r", "a\nb\n"}, Row{"CrBeforeCrlf", "a\r\r\nb", "a\n\nb"},
        Row{"TrailingSpace", "a \t\n  b\u3000\u00A0\n \n", "a\n  b\n\n"}, Row{"SpaceBeforeCrlf", "a \r\nb", "a\nb"},
        Row{"Decomposed", "cafe\u0301\n", "caf\u00E9\n"}, Row{"MarkAtStart", "\uFEFFtext", "text"},
        Row{"MarkInside", "one\n\uFEFFtwo", "one\ntwo"}, Row{"MarkBetweenCrAndLf", "a\r\uFEFF\nb", "a\nb"},
        Row{"SpaceBeforeMark", "a \uFEFF\n", "a\n"},
        Row{"ControlCharacters",
            "a\x1B\x08"
            "b\tc\u0082\x7F\n",
            "ab\tc\n"},
        Row{"FormFeedAndVerticalTab", "one\ftwo\vthree", "one\ntwo\nthree"},
        Row{"TerminalColours", "\x1B[1;31mred\x1B[0m \x1B[K\x1B[?25l\nb\x1B[m", "red\nb"},
        Row{"BrokenTerminalSequence", "a\x1B[31\nb\x1B\x1B[4\u00E9[m\x1B", "a\nb\u00E9[m"},
        Row{"TerminalLinksAndTitles",
            "\x1B]0;title\x07 a \x1B]8;;http://a.b/\u00E9\x1B\\link\x1B]8;;\x1B\\ \x1BP1$q\x1B\\z\x1B(B\x1B)0",
            " a link z"},
        Row{"TerminalStringsThatAreNone",
            "\x1B]a\uFEFF\u0082\nb\x1B"
            "X\u00E9\x1B[1mc\x1B(d\x1B]e\x1B\x1B\\f\x1B]g\x01h\x07\x1B_i",
            "]a\nbX\u00E9c(d]e\\f]gh_i"},
        Row{"TerminalStringThatIsTooLong", "\x1B]" + std::string(5000, 'a') + "\x07z",
            "]" + std::string(5000, 'a') + "z"},
        Row{"TerminalSequencesWithoutAnEnd", "a\x1B]\x1B", "a]"},
        Row{"NumbersBehindEscape", "a\x1B[ 12/11/2024 12:30\nb\x1B[2 qc\x1B[" + std::string(200, '1') + "m",
            "a[ 12/11/2024 12:30\nbc[" + std::string(200, '1') + "m"},
        Row{"ControlBetweenCrAndLf", "a\r\x01\nb", "a\nb"},
        Row{"UnicodeLineEnds",
            "a\u2028b\u2029c\u0085"
            "d",
            "a\nb\nc\nd"},
        Row{"InvisibleCharacters", "co\u00ADop\u200B\n", "co\u00ADop\u200B\n"}, Row{"OnlyAByteOrderMark", "\uFEFF", ""},
        Row{"OnlySpace", "  \t", ""}, Row{"MarksOverAPieceEnd", "e\u0302\u0323x", "\u1EC7x"},
        Row{"HangulOverAPieceEnd", "\u1112\u1161\u11AB", "\uD55C"},
        Row{"Emoji", "\U0001F468\u200D\U0001F469\u200D\U0001F467 \n", "\U0001F468\u200D\U0001F469\u200D\U0001F467\n"}),
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

TEST(Clean, TerminalSequences_AreCountedWhenTheyAreWhole) {
  CleanReport report;
  clean("\x1B[1mred\x1B[0m \x1B]8;;a\x1B\\b\x1B]0;c\x07 \x1B(B\x1B(d\x1B]e\n\x1B[3\n", {}, &report);
  EXPECT_EQ(report.terminal_sequences, 5);
  EXPECT_EQ(report.controls, 10);
}

TEST(Clean, EverythingOff_KeepsText) {
  const CleanOptions off{.newlines = false, .byte_order_marks = false, .normalize = "none", .trim = false};
  const std::string text = "\uFEFFone \r\ncafe\u0301\r";
  EXPECT_EQ(clean(text, off), text);
}

TEST(Clean, Nfkc_FoldsCompatibilityForms) {
  EXPECT_EQ(clean("\uFF21\uFF22\uFF23 \uFB01\n", {.normalize = "nfkc"}), "ABC fi\n");
}

TEST(Clean, Invisible_GoButJoinersStay) {
  CleanReport report;
  EXPECT_EQ(clean("co\u00ADop\u200B \u2066x\u2069 \u0645\u200C\u0646\n", {.invisible = "remove"}, &report),
            "coop x \u0645\u200C\u0646\n");
  EXPECT_EQ(report.invisible, 4);
}

TEST(Clean, CollapsedSpaces_AreOneOrOneOfTheirKind) {
  CleanReport report;
  EXPECT_EQ(clean("a  b\t \tc d\n\u3000\u3000e\tf \n", {.spaces = "collapse"}, &report), "a b c d\n\u3000e\tf\n");
  EXPECT_EQ(report.collapsed_spaces, 3);
  EXPECT_EQ(report.trimmed_lines, 1);
}

TEST(Clean, BlankLines_AreLimited) {
  CleanReport report;
  EXPECT_EQ(clean("\n\na\n \n\n\nb\n\nc", {.blank_lines = 1}, &report), "\na\n\nb\n\nc");
  EXPECT_EQ(report.blank_lines, 3);
  EXPECT_EQ(clean("a\n\n\nb\n", {.blank_lines = 0}), "a\nb\n");
}

TEST(Clean, WithoutNewlines_CarriageReturnIsNoControl) {
  EXPECT_EQ(clean("a\x01\r\nb", {.newlines = false, .trim = false}), "a\r\nb");
}

TEST(Cleaner, LineLongerThanAPiece_IsOneLine) {
  std::string line;
  while (line.size() < 3 * kPieceBytes) line += "cafe\u0301 ";
  Documents cleaned;
  Cleaner cleaner({}, cleaned);
  feed(cleaner, {line + "\n", "b "}, 100'000);
  std::string expected = clean(line, {});
  EXPECT_EQ(expected.find("\u0301"), std::string::npos);
  ASSERT_EQ(cleaned.all.size(), 2U);
  EXPECT_TRUE(cleaned.all[0] == expected + "\n");
  EXPECT_EQ(cleaned.all[1], "b");
  EXPECT_EQ(cleaner.report().normalized_lines, 1);
  EXPECT_EQ(cleaner.report().trimmed_lines, 2);
}

TEST(Cleaner, DocumentsOfWhichNothingIsLeft_AreDroppedAndCounted) {
  Documents cleaned;
  Cleaner cleaner({}, cleaned);
  feed(cleaner, {"\uFEFF", "a", "  "});
  EXPECT_EQ(cleaned.all, std::vector<std::string>{"a"});
  EXPECT_EQ(cleaner.report().empty_documents, 2);
}

TEST(Clean, BadOptions_AreAllNamedAtOnce) {
  try {
    clean("a", {.controls = "eat", .normalize = "nfx", .spaces = "", .blank_lines = -2});
    FAIL();
  } catch (const ConfigError& error) {
    for (const std::string word : {"eat", "nfx", "spaces", "-2"})
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace fude
