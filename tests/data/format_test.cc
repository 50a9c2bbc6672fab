#include "fude/data/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/read_documents.h"
#include "fude/base/error.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string problem_of(const FormatOptions& options) {
  try {
    options.validate();
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(FormatOptions, Defaults_AreValid) { EXPECT_EQ(problem_of({}), ""); }

TEST(FormatOptions, Contradictions_AreNamed) {
  EXPECT_THAT(
      problem_of({.format = "word"}),
      HasSubstr("format must be one of auto, plain, aozora, gutenberg, markdown, html, csv, tsv, jsonl, got word"));
  EXPECT_THAT(problem_of({.ruby = "hide"}), HasSubstr("ruby must be strip, keep or reading, got hide"));
  EXPECT_THAT(problem_of({.doc_sep = "\xFF"}), HasSubstr("doc_sep must be valid UTF-8"));
  EXPECT_THAT(problem_of({.doc_sep = "--", .blank_lines = true}), HasSubstr("not at both"));
  EXPECT_THAT(problem_of({.format = "csv", .blank_lines = true}), HasSubstr("each record of csv is a document"));
  EXPECT_THAT(problem_of({.format = "plain", .record_template = "{a}"}), HasSubstr("not for plain"));
  EXPECT_THAT(problem_of({.record_template = "{a"}), HasSubstr("a { without its }"));
  EXPECT_EQ(problem_of({.record_template = "{a}"}), "");
}

TEST(FormatReport, Counts_AreThoseThatAreNotZero) {
  FormatReport report;
  EXPECT_THAT(report.counts(), IsEmpty());
  report.notes = 3;
  report.ruby = 1;
  EXPECT_THAT(report.counts(), ElementsAre(Pair("ruby", 1), Pair("notes", 3)));
}

TEST(FormatReport, Described_SaysHowManyAndWhatBecameOfThem) {
  FormatReport report;
  EXPECT_THAT(report.described(), IsEmpty());
  report.headers = 1;
  report.footers = 2;
  report.ruby = 1234567;
  report.ruby_kept = 1;
  EXPECT_THAT(report.described(), ElementsAre("1 header removed", "2 footers removed",
                                              "1,234,566 ruby readings removed", "1 ruby reading kept"));
}

TEST(MakeFormatReader, UnsettledFormat_IsConfigError) {
  FormatReport report;
  DocumentLog log;
  EXPECT_THROW(make_format_reader("auto", {}, "file", report, log), ConfigError);
}

// Texts of what the formats give a meaning to, in any order.
TEST(FormatReaders, RandomMarkup_IsTextOrANamedErrorHoweverItIsCut) {
  const std::vector<std::string> parts = {"潮",
                                          "a",
                                          "9",
                                          " ",
                                          "\n",
                                          "\r\n",
                                          "\n\n",
                                          "\r",
                                          "\t",
                                          ",",
                                          "\"",
                                          "\"\"",
                                          "body",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          ":",
                                          "\\",
                                          "null",
                                          "<p>",
                                          "</p>",
                                          "<br>",
                                          "<script>",
                                          "</script>",
                                          "<!--",
                                          "-->",
                                          "&amp;",
                                          "<ruby>",
                                          "<rt>",
                                          "<td>",
                                          "<pre>",
                                          "<li>",
                                          "| a |",
                                          "|---|",
                                          "---",
                                          "# ",
                                          "- ",
                                          "> ",
                                          "```",
                                          "![",
                                          "](",
                                          ")",
                                          "*",
                                          "｜",
                                          "《",
                                          "》",
                                          "［",
                                          "［＃",
                                          "］",
                                          "※",
                                          "※［＃「x」、第3水準1-14-13］",
                                          "U+82B1",
                                          "〔e'",
                                          "〕",
                                          "底本：",
                                          "入力：",
                                          "\u3000",
                                          std::string(1, '\0'),
                                          "--------------------\n",
                                          "【テキスト中に現れる記号について】\n",
                                          "*** START OF THE PROJECT GUTENBERG EBOOK ",
                                          " ***\n",
                                          "\n*** END OF THE PROJECT GUTENBERG EBOOK"};
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t n = random() % 60; n > 0; --n) text += parts[random() % parts.size()];
    for (const std::string& format : format_names()) {
      if (format == "auto") continue;
      const FormatOptions options{.ruby = round % 2 == 0 ? "strip" : "reading", .blank_lines = round % 3 == 0};
      ASSERT_NO_FATAL_FAILURE(expect_cuts_do_not_matter(format, text, options, 3));
    }
    ASSERT_NO_FATAL_FAILURE(expect_cuts_do_not_matter("csv", "body,n\n" + text, {.record_template = "{body}"}, 3));
  }
}

struct Row {
  std::string name;
  std::string head;
  std::string format;
};

class DetectTable : public testing::TestWithParam<Row> {};

TEST_P(DetectTable, NameAndHead_GiveFormatWithReason) {
  const DetectedFormat detected = detect_format(GetParam().name, GetParam().head);
  EXPECT_EQ(detected.format, GetParam().format);
  const bool is_expected = GetParam().name.ends_with(".txt") || GetParam().name.find('.') == std::string::npos;
  EXPECT_EQ(detected.reason.empty(), detected.format == "plain" && is_expected);
}

INSTANTIATE_TEST_SUITE_P(
    Detect, DetectTable,
    testing::Values(Row{"notes.md", "text", "markdown"}, Row{"A.MARKDOWN", "", "markdown"}, Row{"page.HTM", "", "html"},
                    Row{"rows.csv", "", "csv"}, Row{"rows.tsv", "", "tsv"}, Row{"rows.jsonl", "", "jsonl"},
                    Row{"rows.csv.gz", "", "csv"}, Row{"rows.ndjson.zst", "", "jsonl"},
                    Row{"story.txt", "Once.\n", "plain"}, Row{"a.json", "{}", "plain"}, Row{"a.xhtml", "", "html"},
                    Row{"csv", "a,b\n", "plain"}, Row{"a.foo", "a,b\n", "plain"}, Row{"story.txt", "", "plain"},
                    Row{"-", " \n<!DOCTYPE HTML>\n<p>", "html"},
                    Row{"-", "<?xml version=\"1.0\"?>\n<!-- <p> -->\n<html lang=\"ja\">", "html"},
                    Row{"-", "<p>A line about tags</p>", "plain"}, Row{"-", "<htmlish>", "plain"},
                    Row{"-", "Licence\r\n*** START OF THE PROJECT GUTENBERG EBOOK TIDES ***\r\n", "gutenberg"},
                    Row{"-", "***START OF THIS PROJECT GUTENBERG EBOOK TIDES***\r\n", "gutenberg"},
                    Row{"-", "Licence\n*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*\n", "gutenberg"},
                    Row{"-", "My notes on Project Gutenberg\n", "plain"},
                    Row{"-", "灯台\n\n-------\n【テキスト中に現れる記号について】\n", "aozora"},
                    Row{"-", "浜《はま》の［＃「浜」に傍点］", "aozora"}, Row{"-", "浜《はま》の家", "plain"},
                    Row{"-", "潮の話。\n\n底本：「潮」\n青空文庫作成ファイル：\n", "aozora"},
                    Row{"-", "底本：の話", "plain"}));

}  // namespace
}  // namespace fude
