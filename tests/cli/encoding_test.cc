// Text in other encodings: found out, told, learned from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::HasSubstr;

// "白い猫がいる。\r\n" in Shift_JIS.
constexpr std::string_view kShiftJis = "\x94\x92\x82\xA2\x94\x4C\x82\xAA\x82\xA2\x82\xE9\x81\x42\r\n";

std::string shift_jis_story() {
  std::string text;
  for (int line = 0; line < 100; ++line) text += kShiftJis;
  return text;
}

TEST(Encoding, ShiftJis_IsFoundOutAndTold) {
  const Fude fude;
  fude.folder().write("cat.txt", shift_jis_story());
  const ProcessResult result = fude.run({"prep", "cat.txt"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.substr(0, 22), "白い猫がいる。\n");
  EXPECT_THAT(result.err, HasSubstr("cat.txt: Shift_JIS (70 % sure)\n"));
}

TEST(Encoding, ShiftJis_IsLearnedFromAndStaysSoWhenResumed) {
  const Fude fude;
  fude.folder().write("cat.txt", shift_jis_story());
  const std::vector<std::string> train = {"train",   "cat.txt", "--preset", "tiny", "--hidden-size", "8",
                                          "--steps", "2",       "--out",    "r",    "--encoding",    "cp932"};
  const ProcessResult first = fude.run(train);
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("note: cat.txt: cp932\n"));
  EXPECT_THAT(read_file(fude.folder() / "r/config.json"), HasSubstr("\"encoding\": \"cp932\""));
  EXPECT_EQ(fude.run({"train", "--resume", "r", "--steps", "3"}).exit_code, 0);
}

TEST(Encoding, StandardInput_IsFoundOutToo) {
  const ProcessResult result = Fude().run({"prep", "-"}, {.input = shift_jis_story()});
  EXPECT_EQ(result.out.substr(0, 22), "白い猫がいる。\n");
  EXPECT_THAT(result.err, HasSubstr("standard input: Shift_JIS (70 % sure)\n"));
}

TEST(Encoding, UndecodableBytes_AreSkippedOnRequestAndCounted) {
  const ProcessResult result = Fude().run({"prep", "-", "--encoding", "shift_jis", "--invalid", "skip"},
                                          {.input = "\x82\xA0\x85\xEC\x82\xA2\n"});
  EXPECT_EQ(result.out, "あい\n");
  EXPECT_THAT(result.err, HasSubstr("1 undecodable byte sequence was left out\n"));
}

TEST(Encoding, NoLikelyGuess_IsAnErrorThatNamesIt) {
  expect_complaint(Fude().run({"prep", "-"}, {.input = "The sea was calm.\ncaf\xE9!\n"}), 1,
                   "standard input:2: not valid UTF-8 at byte offset 21: 0xE9", "it may be ");
}

}  // namespace
}  // namespace fude
