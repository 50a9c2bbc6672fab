#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::HasSubstr;

TEST(Prep, TextWithEverythingWrong_IsCleanAndEachChangeIsTold) {
  const Fude fude;
  fude.folder().write("messy.txt", "\xEF\xBB\xBFone  \r\ntwo\rcafe\xCC\x81\n\xFF!\n");
  const ProcessResult result = fude.run({"prep", "messy.txt", "--invalid", "replace"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "one\ntwo\ncaf\u00E9\n\uFFFD!\n");
  EXPECT_EQ(result.err,
            "1 undecodable byte sequence became U+FFFD\n1 byte order mark removed\n1 CRLF line end became LF\n"
            "1 CR line end became LF\n1 line brought to nfc\n1 line lost white space at the end\n");
}

TEST(Prep, CleanText_IsKeptAndNothingIsTold) {
  const ProcessResult result = Fude().run({"prep", "-"}, {.input = "one\ntwo"});
  EXPECT_EQ(result.out, "one\ntwo");
  EXPECT_EQ(result.err, "");
}

TEST(Prep, SeveralFiles_AreJoinedAtLineEnds) {
  const Fude fude;
  fude.folder().write("drafts/a.txt", "one");
  fude.folder().write("drafts/b.txt", "two\n");
  fude.folder().write("drafts/c.text", "three");
  EXPECT_EQ(fude.run({"prep", "drafts"}).out, "one\ntwo\nthree");
  EXPECT_EQ(fude.run({"prep", "drafts", "--doc-sep", "\\n"}).out, "one\n\ntwo\n\nthree");
}

TEST(Prep, OutputFile_GetsTheTextAndStandardOutputTheStatistics) {
  const Fude fude;
  fude.folder().write("a.txt", "to b\u00E9 \n");
  const ProcessResult result = fude.run({"prep", "a.txt", "-o", "b.txt", "--stats", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json json = parse_json(result.out, "statistics");
  EXPECT_EQ(json["characters"], 6);
  EXPECT_EQ(json["bytes"], 7);
  EXPECT_EQ(json["words"], 2);
  EXPECT_EQ(json["changes"]["trimmed_lines"], 1);
  EXPECT_EQ(json["alphabet"].size(), 6U);
  EXPECT_EQ(fude.run({"prep", "b.txt"}).out, "to b\u00E9\n");
}

TEST(Prep, StatisticsBesideText_GoToStandardError) {
  const ProcessResult result = Fude().run({"prep", "-", "--stats"}, {.input = "\u732B\u732B\n"});
  EXPECT_EQ(result.out, "\u732B\u732B\n");
  EXPECT_THAT(result.err, HasSubstr("distinct characters"));
  EXPECT_THAT(result.err, HasSubstr("\u732B 66.7%"));
  EXPECT_THAT(result.err, HasSubstr("66.67 %"));
}

TEST(Prep, InvalidUtf8_NamesTheByteAndWritesNothing) {
  const Fude fude;
  fude.folder().write("bad.txt", "caf\xE9!\n");
  expect_complaint(fude.run({"prep", "bad.txt", "-o", "out.txt"}), 1, "byte offset 3", "--invalid replace");
  EXPECT_FALSE(std::filesystem::exists(fude.folder() / "out.txt"));
}

}  // namespace
}  // namespace fude
