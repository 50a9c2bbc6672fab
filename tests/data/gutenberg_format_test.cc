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
  const std::string text = "Licence.\r\n" + GetParam().before + "\r\n\r\nThe tide\r\n\r\nturned.\r\n\r\n" +
                           GetParam().after + "\r\nMore licence.\r\n";
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
}

}  // namespace
}  // namespace fude
