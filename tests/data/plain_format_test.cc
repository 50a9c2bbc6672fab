// Plain text: where documents end, in pieces of any size.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/read_documents.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PlainFormat, File_IsOneDocument) {
  EXPECT_THAT(read_documents("plain", "one\r\n\r\ntwo \r"), ElementsAre("one\r\n\r\ntwo \r"));
  EXPECT_THAT(read_documents("plain", ""), IsEmpty());
}

TEST(PlainFormat, Separator_EndsDocumentsAndGoes) {
  const FormatOptions options{.doc_sep = "<end>"};
  EXPECT_THAT(read_documents("plain", "one<end><end>two<en<end>", options), ElementsAre("one", "two<en"));
  EXPECT_THAT(read_documents("plain", "no end <en", options), ElementsAre("no end <en"));
  EXPECT_THAT(read_documents("plain", "a\nb\n\nc", {.doc_sep = "\n"}), ElementsAre("a", "b", "c"));
}

TEST(PlainFormat, SeparatorThatOverlapsItself_IsFoundFromTheLeft) {
  EXPECT_THAT(read_documents("plain", "aababaa", {.doc_sep = "aba"}), ElementsAre("a", "baa"));
}

TEST(PlainFormat, SeparatorWithLineEnds_IsFoundInFilesWithCrLf) {
  FormatReport report;
  EXPECT_THAT(read_documents("plain", "a\r\n--\r\nb\n--\nc\r\n", {.doc_sep = "\n--\n"}, &report),
              ElementsAre("a", "b", "c\r\n"));
  EXPECT_EQ(report.separators, 2);
  EXPECT_THAT(read_documents("plain", "a\r\nb\nc", {.doc_sep = "\n"}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(read_documents("plain", "a\r\nb\nc", {.doc_sep = "\r\n"}), ElementsAre("a", "b\nc"));
  expect_cuts_do_not_matter("plain", "a\r\n--\r\r\n--\r\nb\n--\nc\r\n--\r", {.doc_sep = "\n--\n"});
}

TEST(PlainFormat, BlankLines_EndDocumentsAndGo) {
  const FormatOptions options{.blank_lines = true};
  EXPECT_THAT(read_documents("plain", "\n\none\ntwo\n \t\n\u3000\r\nthree\r\nfour\n\n  ", options),
              ElementsAre("one\ntwo\n", "three\r\nfour\n"));
}

TEST(PlainFormat, AnyCut_GivesTheSameDocuments) {
  const std::string text = "潮が引く。\n\n--\n-の石\n-\n--\n\n貝を\r\n\r\n拾う--\n";
  expect_cuts_do_not_matter("plain", text, {});
  expect_cuts_do_not_matter("plain", text, {.doc_sep = "-\n-"});
  expect_cuts_do_not_matter("plain", text, {.doc_sep = "石"});
  expect_cuts_do_not_matter("plain", text, {.blank_lines = true});
}

TEST(PlainFormat, LineLongerThanAPiece_IsKeptWhole) {
  std::string text = "first\n";
  for (int i = 0; i < 1000000; ++i) text += "波";
  for (const bool blank_lines : {false, true}) {
    EXPECT_THAT(read_documents("plain", text, {.blank_lines = blank_lines}), ElementsAre(text));
    EXPECT_THAT(read_documents("plain", text + "\n", {.blank_lines = blank_lines}), ElementsAre(text + "\n"));
  }
}

TEST(PlainFormat, LongSpace_IsNoBlankLineButText) {
  const std::string text(kPieceBytes + 10, ' ');
  EXPECT_THAT(read_documents("plain", text, {.blank_lines = true}), ElementsAre(text));
}

}  // namespace
}  // namespace fude
