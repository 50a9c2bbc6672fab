// Project Gutenberg's header and footer around texts of our own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/read_documents.h"

namespace fude {
namespace {

using testing::ElementsAre;

struct Row {
  std::string name;
  std::string before;
  std::string after;
};

class GutenbergTable : public testing::TestWithParam<Row> {};

TEST_P(GutenbergTable, HeaderAndFooter_Go) {
  FormatReport report;
  const std::string text = "The Project Gutenberg eBook of Tides\r\n\r\nLicence.\r\n" + GetParam().before +
                           "\r\n\r\nThe tide\r\n\r\nturned.\r\n\r\n" + GetParam().after + "\r\nMore licence.\r\n";
  EXPECT_THAT(read_documents("gutenberg", text, {}, &report), ElementsAre("The tide\r\n\r\nturned.\r\n"));
  EXPECT_EQ(report.headers, 1);
  EXPECT_EQ(report.footers, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Marks, GutenbergTable,
    testing::Values(
        Row{"New", "*** START OF THE PROJECT GUTENBERG EBOOK TIDES ***",
            "*** END OF THE PROJECT GUTENBERG EBOOK TIDES ***"},
        Row{"Older", "*** START OF THIS PROJECT GUTENBERG EBOOK TIDES ***",
            "End of Project Gutenberg's Tides, by A. Pell\r\n\r\n*** END OF THIS PROJECT GUTENBERG EBOOK TIDES ***"},
        Row{"NoSpace", "***START OF THE PROJECT GUTENBERG EBOOK TIDES***",
            "***END OF THE PROJECT GUTENBERG EBOOK TIDES***"},
        Row{"TwoLines", "*** START OF THE PROJECT GUTENBERG EBOOK TIDES\r\nAND OTHER TABLES ***",
            "End of the Project Gutenberg EBook of Tides"},
        Row{"SmallPrint", "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*",
            "End of The Project Gutenberg Etext of Tides"}),
    [](const auto& row) { return row.param.name; });

TEST(GutenbergFormat, WithoutMarks_IsPlainButForTheEdges) {
  FormatReport report;
  EXPECT_THAT(read_documents("gutenberg", "\nThe tide\n\nturned.", {}, &report), ElementsAre("The tide\n\nturned."));
  EXPECT_EQ(report.headers + report.footers, 0);
}

TEST(GutenbergFormat, MarkThatDoesNotEnd_LosesNoText) {
  const std::string mark = "*** START OF THE PROJECT GUTENBERG EBOOK TIDES\n";
  EXPECT_THAT(read_documents("gutenberg", mark + "\nThe tide turned.\n"), ElementsAre("The tide turned.\n"));
  EXPECT_THAT(read_documents("gutenberg", mark + "a\nb\nc\nd\ne\n"), ElementsAre("a\nb\nc\nd\ne\n"));
  EXPECT_THAT(read_documents("gutenberg", mark + "a"), ElementsAre("a"));
}

TEST(GutenbergFormat, TwoBooksInAFile_AreTwoDocuments) {
  const std::string start = "*** START OF THE PROJECT GUTENBERG EBOOK TIDES ***\n";
  const std::string end = "*** END OF THE PROJECT GUTENBERG EBOOK TIDES ***\nLicence\n";
  EXPECT_THAT(read_documents("gutenberg", start + "One.\n" + end + start + "Two.\n" + end),
              ElementsAre("One.\n", "Two.\n"));
}

std::string modern(const std::string& title) {
  return "The Project Gutenberg EBook of " + title + "\n\n*** START OF THIS PROJECT GUTENBERG EBOOK " + title +
         " ***\n\nText of " + title + ".\n\nEnd of Project Gutenberg's " + title +
         "\n\n*** END OF THIS PROJECT GUTENBERG EBOOK " + title + " ***\nLicence.\n";
}

std::string old(const std::string& title) {
  return "Project Gutenberg Etext of " + title +
         "\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n" + "Text of " + title +
         ".\n\nEnd of Project Gutenberg Etext of " + title + "\n";
}

TEST(GutenbergFormat, BooksOfAnyAgeInAFile_AreDocuments) {
  for (const auto& text :
       {modern("A") + modern("B"), modern("A") + old("B"), old("A") + old("B"), old("A") + modern("B")}) {
    FormatReport report;
    EXPECT_THAT(read_documents("gutenberg", text, {}, &report), ElementsAre("Text of A.\n", "Text of B.\n")) << text;
    EXPECT_EQ(report.headers, 2) << text;
    EXPECT_EQ(report.footers, 2) << text;
    EXPECT_EQ(report.behind_footers, 0) << text;
  }
}

TEST(GutenbergFormat, OwnTextBesideABook_IsADocument) {
  std::string story;
  while (story.size() < (size_t{1} << 16)) story += "My own story goes on.\n\n";
  story.pop_back();
  const std::string licence =
      "\n\nUpdated editions will replace the old ones.\n\nOf Project Gutenberg-tm works.\n\nThis Web site informs "
      "about "
      "Project\nGutenberg-tm, and how to\nsubscribe to our email newsletter to hear about new eBooks.\n";
  const std::string note = "My own note.\n";
  for (const std::string& own : {story, note}) {
    for (const std::string& book : {modern("A"), modern("A") + licence}) {
      FormatReport report;
      EXPECT_THAT(read_documents("gutenberg", book + "\n\n" + own, {}, &report), ElementsAre("Text of A.\n", own));
      EXPECT_EQ(report.footers, 1);
      EXPECT_EQ(report.behind_footers, 1);
      EXPECT_THAT(read_documents("gutenberg", own + "\n" + book), ElementsAre(own, "Text of A.\n"));
      EXPECT_THAT(read_documents("gutenberg", book + "\n" + own + "\n" + modern("B")),
                  ElementsAre("Text of A.\n", own, "Text of B.\n"));
    }
  }
  EXPECT_THAT(read_documents("gutenberg", old("A") + "\n" + note), ElementsAre("Text of A.\n", note));
}

TEST(GutenbergFormat, OwnTextThatNamesTheProject_Stays) {
  std::string story = "I took this from Project Gutenberg.\n\n";
  for (int line = 0; line < 1000; ++line) story += "And then the tide turned.\n";
  const std::string mark = "*** START OF THIS PROJECT GUTENBERG EBOOK TIDES ***\nTides.\n";
  const std::string header = "Project Gutenberg's Tides, by A. Pell\n\nTitle: Tides\n\n";
  EXPECT_THAT(read_documents("gutenberg", story + "\n" + header + mark), ElementsAre(story, "Tides.\n"));
  EXPECT_THAT(read_documents("gutenberg", story + "\n" + mark), ElementsAre(story, "Tides.\n"));
}

TEST(GutenbergFormat, EndWithoutStars_IsTextWhereMoreFollows) {
  const std::string text = "Text.\n\nEnd of the Project Gutenberg tale, said he.\n\nMore text.\n";
  const std::string start = "*** START OF THIS PROJECT GUTENBERG EBOOK A ***\n";
  EXPECT_THAT(read_documents("gutenberg", start + text + "\n*** END OF THIS PROJECT GUTENBERG EBOOK A ***\nx\n"),
              ElementsAre(text));
  std::string longer = text;
  for (int i = 0; i < 1000; ++i) longer += "And more.\n";
  EXPECT_THAT(read_documents("gutenberg", start + longer), ElementsAre(longer));
}

// Some copies have lost their blank lines.
TEST(GutenbergFormat, EndWithoutStarsWithinAParagraph_IsOneBeforeAMarkOrTheEndOnly) {
  const std::string begin = "*** START OF THIS PROJECT GUTENBERG EBOOK A ***\nText.\nEnd of Project Gutenberg's A\n";
  for (const std::string behind : {"*** END OF THIS PROJECT GUTENBERG EBOOK A ***\nLicence.\n", "\n\n", ""}) {
    FormatReport report;
    EXPECT_THAT(read_documents("gutenberg", begin + behind, {}, &report), ElementsAre("Text.\n")) << behind;
    EXPECT_EQ(report.footers, 1) << behind;
  }
  const std::string prose = "is what he wanted.\n";
  EXPECT_THAT(read_documents("gutenberg", begin + prose), ElementsAre("Text.\nEnd of Project Gutenberg's A\n" + prose));
}

TEST(GutenbergFormat, SeparatorBehindAFooter_IsFound) {
  FormatReport report;
  EXPECT_THAT(read_documents("gutenberg", modern("A") + "<sep>\n" + modern("B"), {.doc_sep = "\n<sep>\n"}, &report),
              ElementsAre("Text of A.\n", "Text of B.\n"));
  EXPECT_EQ(report.separators, 1);
}

TEST(GutenbergFormat, LongText_KeepsAllOfIt) {
  std::string text;
  while (text.size() < (size_t{3} << 20)) text += "The tide turned and nobody said a word.\n";
  text += std::string(size_t{3} << 20, 'x') + "\n";
  EXPECT_THAT(read_documents("gutenberg", text), ElementsAre(text));
}

TEST(GutenbergFormat, AnyCut_GivesTheSameDocuments) {
  const std::string text =
      "L\n*** START OF THIS PROJECT GUTENBERG EBOOK A\nB ***\n\n\nThe tide\r\n\n\nturned.\n\n*** END OF THIS PROJECT "
      "GUTENBERG EBOOK A\nB ***\nx";
  expect_cuts_do_not_matter("gutenberg", text, {});
  expect_cuts_do_not_matter("gutenberg", text, {.blank_lines = true});
  expect_cuts_do_not_matter("gutenberg", text, {.doc_sep = "tide\r\n"});
  expect_cuts_do_not_matter("gutenberg", modern("A") + "\nNote\n" + old("B") + "\nNote\n" + modern("C"), {}, 5);
}

}  // namespace
}  // namespace fude
