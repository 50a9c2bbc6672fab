// The steps of fude prep: filters, duplicates, characters, order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/fude.h"

namespace fude {
namespace {

using testing::HasSubstr;
using testing::Not;

struct StepRow {
  std::string name;
  std::vector<std::string> flags;
  std::string input;
  std::string out;
  std::string err;
};

class PrepStep : public testing::TestWithParam<StepRow> {};

// Documents are what stands between lines of "--"; written they are joined by such lines.
TEST_P(PrepStep, FlagOfTheStep_ChangesTextAndTellsItsCount) {
  std::vector<std::string> arguments = {"prep", "-", "--doc-sep", "--\\n"};
  // A separator that is nowhere would be told of.
  if (GetParam().input.find("--\n") != std::string::npos)
    arguments.insert(arguments.end(), {"--read-doc-sep", "--\\n"});
  arguments.insert(arguments.end(), GetParam().flags.begin(), GetParam().flags.end());
  const ProcessResult result = Fude().run(arguments, {.input = GetParam().input});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, GetParam().out);
  EXPECT_EQ(result.err, GetParam().err);
}

INSTANTIATE_TEST_SUITE_P(
    Prep, PrepStep,
    testing::Values(
        StepRow{"Off", {}, "a\x01\na\n\n\n--\na\n", "a\na\n\n\n--\na\n", "1 control character removed\n"},
        StepRow{"Controls", {"--controls", "keep"}, "a\x01\n", "a\x01\n", ""},
        StepRow{"Invisible", {"--invisible", "remove"}, "a\u00ADb\n", "ab\n", "1 invisible character removed\n"},
        StepRow{"Spaces", {"--spaces", "collapse"}, "a   b\n", "a b\n", "1 run of white space collapsed\n"},
        StepRow{"BlankLines", {"--blank-lines", "1"}, "a\n\n\n\nb\n", "a\n\nb\n", "2 empty lines removed\n"},
        StepRow{"Lines",
                {"--min-line", "2", "--max-line", "3"},
                "a\nab\n\nabcd\n",
                "ab\n\n",
                "1 line dropped: shorter than --min-line\n1 line dropped: longer than --max-line\n"},
        StepRow{"Documents",
                {"--min-doc", "3", "--max-doc", "6"},
                "a\n--\nabcd\n--\nabcdefgh\n",
                "abcd\n",
                "1 document dropped: shorter than --min-doc\n1 document dropped: longer than --max-doc\n"},
        StepRow{"Scripts",
                {"--scripts", "latin"},
                "abc\n--\n\u732B\u304C\n",
                "abc\n",
                "1 document dropped: not in --scripts\n"},
        StepRow{"DuplicateDocuments",
                {"--dedup", "documents"},
                "b\n--\na\n--\nb\n--\na\n--\nb\na\n",
                "b\n--\na\n--\nb\na\n",
                "2 documents dropped: the same came earlier\n"},
        StepRow{"DuplicateLines",
                {"--dedup", "lines"},
                "b\n\na\n--\nb\n--\na\nc\n",
                "b\n\na\n--\nc\n",
                "2 lines dropped: the same came earlier\n1 document dropped: all of its lines came earlier\n"},
        StepRow{"Both",
                {"--dedup", "both"},
                "b\na\n--\nb\na\n--\na\nc\n",
                "b\na\n--\nc\n",
                "1 document dropped: the same came earlier\n1 line dropped: the same came earlier\n"},
        StepRow{"NearDuplicates",
                {"--near-dup", "0.7"},
                "No one on the shore saw the boat leave, and no one asked for it.\n--\nThe gull flew.\n--\n"
                "No one on the shore saw the boat leave, and no one asked for it!\n",
                "No one on the shore saw the boat leave, and no one asked for it.\n--\nThe gull flew.\n",
                "1 document dropped: almost the same came earlier\n"},
        StepRow{"Characters",
                {"--max-chars", "4"},
                "eeee\"\"aaa \u00E9\u201C\u732B\n",
                "eeee\"\"aaae\"\n",
                "4 characters of the alphabet are rarer than --max-chars allows:\n"
                "  2 of them in the text became a near relative\n  2 of them in the text dropped\n"},
        StepRow{"ReplacedCharacters", {"--max-chars", "3", "--rare", "replace"}, "eee\u732B\n", "eee\u732B\n", ""},
        StepRow{"Shuffle", {"--shuffle", "--seed", "3"}, "a\n--\na\n", "a\n--\na\n", "2 documents shuffled\n"}),
    [](const auto& row) { return row.param.name; });

TEST(PrepSteps, LittleMemory_GivesTheSame) {
  std::string input;
  for (int i = 0; i < 100'000; ++i) input += "line " + std::to_string(i * 7 % 60'000) + "\n";
  const std::vector<std::string> arguments = {"prep", "-", "--dedup", "both", "--read-doc-sep", "\\n", "--shuffle"};
  std::vector<std::string> little = arguments;
  little.insert(little.end(), {"--memory", "1"});
  const ProcessResult expected = Fude().run(arguments, {.input = input});
  const ProcessResult result = Fude().run(little, {.input = input});
  EXPECT_EQ(result.err, "40,000 documents dropped: the same came earlier\n60,000 documents shuffled\n");
  EXPECT_EQ(expected.err, result.err);
  EXPECT_TRUE(result.out == expected.out);
  EXPECT_EQ(count_of(result.out, "\n"), 59'999U);
}

TEST(PrepSteps, NothingLeft_IsAnErrorAndNoFile) {
  const Fude fude;
  fude.folder().write("a.txt", "one\n");
  const ProcessResult result = fude.run({"prep", "a.txt", "-o", "b.txt", "--min-doc", "10"});
  expect_complaint(result, 1, "nothing is left", "loosen");
  EXPECT_THAT(result.err, HasSubstr("1 document dropped: shorter than --min-doc\n"));
  EXPECT_FALSE(std::filesystem::exists(fude.folder() / "b.txt"));
}

TEST(PrepSteps, FlagsWithoutEffect_AreTold) {
  const auto told = [](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"prep", "-"});
    return Fude().run(flags, {.input = "one\n"}).err;
  };
  EXPECT_EQ(told({"--format", "json"}), "note: --format has no effect: it needs --stats\n");
  EXPECT_EQ(told({"--template", "{a}"}), "the template has no effect: no csv, tsv or jsonl was read\n");
  EXPECT_EQ(told({"--shuffle"}),
            "note: --shuffle has no effect: there is only one document; --read-doc-sep can divide it\n");
  EXPECT_EQ(told({"--no-shuffle"}), "");
  EXPECT_EQ(told({"--seed", "7", "--rare", "drop"}),
            "note: --rare has no effect: it needs --max-chars\n"
            "note: --seed has no effect: it needs --shuffle or --split\n");
  EXPECT_EQ(told({"--max-chars", "9", "--rare", "drop"}), "");
}

TEST(PrepSteps, BadFlags_AreToldApart) {
  const Fude fude;
  fude.folder().write("a.txt", "one\n");
  const auto complain = [&](std::vector<std::string> flags, const std::string& message, const std::string& hint) {
    flags.insert(flags.begin(), {"prep", "a.txt"});
    expect_complaint(fude.run(flags), 2, message, hint);
  };
  complain({"--scripts", "lattin"}, "unknown script \"lattin\"", "did you mean latin?");
  complain({"--near-dup", "1.5"}, "between 0 (off) and 1, got 1.5", "");
  complain({"--min-line", "9", "--max-line", "3"}, "--min-line must not be more than --max-line", "");
  complain({"--max-chars", "1"}, ": --max-chars must be 2 or more", "");
  complain({"--script-share", "2"}, "--script-share must be over 0", "");
  complain({"--read-doc-sep", "-", "--doc-by", "blank-lines"}, "documents end at --read-doc-sep or at", "");
  complain({"--blank-lines", "-5"}, "from 0 on, or keep, got -5", "");
  complain({"--dedup", "words"}, "none|documents|lines|both", "");
  complain({"--blank-lines", "some"}, "a whole number", "");
  for (const char* const memory : {"0", "17592186044417", "99999999999999"})
    complain({"--memory", memory}, "--memory must be 1 to 1099511627776 MB", "");
  complain({"--split", "0.9,0.1"}, "--split needs --output", "story.txt");
  complain({"--split", "0.9;0.1", "-o", "b.txt"}, "shares such as 0.8,0.1,0.1", "");
  complain({"--split", "0.9,0.2", "-o", "b.txt"}, ": --split must be two or more shares over 0 that sum to 1", "");
  complain({"--split", "0.7,0.1,0.1,0.1", "-o", "b.txt"}, "two or three shares", "");
}

}  // namespace
}  // namespace fude
