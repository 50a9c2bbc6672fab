// Where fude prep writes, and what is left when it is interrupted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  return names;
}

std::string numbered_lines(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) text += std::to_string(1000 + i) + "\n";
  return text;
}

TEST(PrepOutput, Split_WritesAFileForEachPart) {
  const Fude fude;
  fude.folder().write("all.txt", numbered_lines(50));
  const std::vector<std::string> arguments = {"prep", "all.txt", "--read-doc-sep", "\\n",
                                              "-o",   "out.txt", "--split",        "0.8,0.1,0.1"};
  const ProcessResult result = fude.run(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err,
            "40 documents written to out.train.txt\n5 documents written to out.valid.txt\n"
            "5 documents written to out.test.txt\n");
  EXPECT_THAT(files_in(fude.folder().path()),
              UnorderedElementsAre("all.txt", "out.train.txt", "out.valid.txt", "out.test.txt"));
  const std::string held_out = read_file(fude.folder() / "out.valid.txt");
  EXPECT_EQ(count_of(held_out, "\n"), 4U);
  ASSERT_EQ(fude.run(arguments).exit_code, 0);
  EXPECT_EQ(read_file(fude.folder() / "out.valid.txt"), held_out);
}

TEST(PrepOutput, SplitIntoAFolder_NamesThePartsAlone) {
  const Fude fude;
  fude.folder().write("all.txt", numbered_lines(10));
  std::filesystem::create_directory(fude.folder() / "parts");
  const ProcessResult result =
      fude.run({"prep", "all.txt", "--read-doc-sep", "\\n", "-o", "parts", "--split", "0.9,0.1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(files_in(fude.folder() / "parts"), UnorderedElementsAre("train.txt", "valid.txt"));
}

TEST(PrepOutput, PartOfAnEarlierSplit_IsTold) {
  const Fude fude;
  fude.folder().write("names.txt", "Ann\n\nBo\n\nCy\n\nDi\n");
  const std::vector<std::string> prep = {"prep", "names.txt", "-o", "all.txt", "--doc-by", "blank-lines", "--split"};
  const auto split = [&](const char* shares) {
    std::vector<std::string> arguments = prep;
    arguments.push_back(shares);
    return fude.run(arguments).err;
  };
  EXPECT_THAT(split("0.5,0.25,0.25"), Not(HasSubstr("note:")));
  EXPECT_THAT(split("0.5,0.5"), HasSubstr("note: all.test.txt is of an earlier run, and no part of this one: take it "
                                          "away\n"));
}

TEST(PrepOutput, SplitOfOneDocument_SaysThatItGoesByDocuments) {
  const Fude fude;
  fude.folder().write("all.txt", numbered_lines(10));
  expect_complaint(fude.run({"prep", "all.txt", "-o", "out.txt", "--split", "0.9,0.1"}), 1,
                   "cannot divide 1 document into 2 parts", "documents");
  EXPECT_THAT(files_in(fude.folder().path()), ElementsAre("all.txt"));
}

TEST(PrepOutput, SeparatorWithinADocument_IsTold) {
  const Fude fude;
  fude.folder().write("a/1.txt", "one <end> two\n");
  fude.folder().write("a/2.txt", "three\n");
  EXPECT_EQ(fude.run({"prep", "a", "--doc-sep", "<end>\\n"}).err, "");
  EXPECT_EQ(fude.run({"prep", "a", "--doc-sep", "<end>"}).err,
            "note: 1 document held the text of --doc-sep, which will divide them\n");
  fude.folder().write("b/1.txt", "one\n\ntwo\n");
  fude.folder().write("b/2.txt", "three\nfour\n");
  EXPECT_EQ(fude.run({"prep", "b", "--doc-sep", "\\n"}).err,
            "note: 1 document held the text of --doc-sep, which will divide them\n");
}

TEST(PrepOutput, SourceItself_MayBeReplaced) {
  const Fude fude;
  fude.folder().write("a.txt", "one \r\ntwo\n");
  const ProcessResult result = fude.run({"prep", "a.txt", "-o", "a.txt"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("note: a.txt is to be replaced by what is made of it\n"));
  EXPECT_EQ(read_file(fude.folder() / "a.txt"), "one\ntwo\n");
}

TEST(PrepOutput, DocumentsWithNothingBetweenThem_AreTold) {
  const Fude fude;
  fude.folder().write("poems.txt", "red\nblue\n\nsea\nsky\n");
  const ProcessResult result = fude.run({"prep", "poems.txt", "--doc-by", "blank-lines"});
  EXPECT_EQ(result.out, "red\nblue\nsea\nsky\n");
  EXPECT_EQ(result.err,
            "note: 2 documents of several lines, with nothing between them: --doc-sep TEXT keeps them apart\n");
  fude.folder().write("names.jsonl", "\"Ann\"\n\"Bo\"\n");  // lines, and divided as such
  EXPECT_EQ(fude.run({"prep", "names.jsonl"}).err.find("note:"), std::string::npos);
  EXPECT_EQ(fude.run({"prep", "poems.txt", "--doc-by", "blank-lines", "--doc-sep", "\\n"}).err, "");
}

TEST(PrepOutput, OutputInAFolderThatIsRead_IsNotReadAgain) {
  const Fude fude;
  fude.folder().write("drafts/a.txt", "one\n");
  fude.folder().write("drafts/b.txt", "two\n");
  EXPECT_EQ(fude.run({"prep", "drafts", "-o", "drafts/out.txt"}).err, "");
  const ProcessResult again = fude.run({"prep", "drafts", "-o", "drafts/out.txt"});
  EXPECT_THAT(again.err, HasSubstr("note: drafts/out.txt is not read: the output goes there"));
  EXPECT_EQ(read_file(fude.folder() / "drafts/out.txt"), "one\ntwo\n");
  EXPECT_EQ(fude.run({"prep", "drafts/*.txt", "-o", "drafts/out.txt"}).exit_code, 0);
  EXPECT_EQ(read_file(fude.folder() / "drafts/out.txt"), "one\ntwo\n");
  for (int run = 0; run < 2; ++run) {
    const ProcessResult split = fude.run({"prep", "drafts", "-o", "drafts/out.txt", "--split", "0.5,0.5"});
    EXPECT_THAT(split.err, HasSubstr("1 document written to drafts/out.train.txt\n1 document written"));
  }
}

TEST(PrepOutput, NothingButTheOutput_IsAnError) {
  const Fude fude;
  fude.folder().write("drafts/out.txt", "one\n");
  const ProcessResult result = fude.run({"prep", "drafts", "-o", "drafts/out.txt"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("nothing to read but the output itself"));
}

TEST(PrepOutput, InterruptedWhileReading_LeavesNothing) {
  const Fude fude;
  std::string text;
  for (int i = 0; text.size() < (size_t{60} << 20); ++i) text += "line " + std::to_string(i) + " of a long text\n";
  fude.folder().write("long.txt", text);
  Process prep(fude.command({"prep", "long.txt", "-o", "out.txt"}),
               fude.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
  ASSERT_TRUE(prep.wait_for("reading  "));
  prep.send(SIGINT);
  const ProcessResult result = prep.finish();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_THAT(result.out, HasSubstr("interrupted: nothing was written"));
  EXPECT_THAT(files_in(fude.folder().path()), UnorderedElementsAre("long.txt"));
}

TEST(PrepOutput, Interrupted_LeavesNothing) {
  const Fude fude;
  std::string text;
  for (int i = 0; text.size() < (size_t{40} << 20); ++i) text += "line " + std::to_string(i) + " of a long text\n";
  fude.folder().write("long.txt", text);
  fude.folder().write("out.txt", "as it was\n");
  Process prep(fude.command({"prep", "long.txt", "-o", "out.txt", "--stats", "--dedup", "lines", "--shuffle"}),
               fude.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
  ASSERT_TRUE(prep.wait_for("cleaning"));
  prep.send(SIGINT);
  const ProcessResult result = prep.finish();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_THAT(result.out, HasSubstr("interrupted: nothing was written"));
  EXPECT_THAT(files_in(fude.folder().path()), UnorderedElementsAre("long.txt", "out.txt"));
  EXPECT_EQ(read_file(fude.folder() / "out.txt"), "as it was\n");
}

TEST(PrepOutput, Terminal_ShowsStepAndShare) {
  const Fude fude;
  fude.folder().write("a.txt", "one\n");
  const ProcessResult result = fude.run({"prep", "a.txt", "-o", "b.txt", "--dedup", "lines"},
                                        {.environment = {{"TERM", "xterm"}}, .terminal = true});
  EXPECT_THAT(result.out, HasSubstr("reading  100 %"));
  EXPECT_THAT(result.out, HasSubstr("cleaning (1 of 4)  100 % of 4 B"));
  EXPECT_THAT(result.out, HasSubstr("writing (4 of 4)"));
}

TEST(PrepStatistics, Json_TellsTextStepsAndSuggestions) {
  const Fude fude;
  fude.folder().write("a.txt", "The sea was calm. \n\nThe sea was calm.\nNo \u732B\n");
  const ProcessResult result = fude.run({"prep", "a.txt", "-o", "b.txt", "--stats", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json json = parse_json(result.out, "statistics");
  EXPECT_EQ(json["documents"], 1);
  EXPECT_EQ(json["words"], 10);
  EXPECT_EQ(json["sentences"], 3);
  EXPECT_EQ(json["duplicate_lines"], 1);
  EXPECT_EQ(json["scripts"][0]["script"], "Latin");
  EXPECT_EQ(json["scripts"][1]["letters"], 1);
  EXPECT_EQ(json["entropy_bits_per_character"].size(), 5U);
  EXPECT_EQ(json["word_coverage"].size(), 5U);
  EXPECT_EQ(json["alphabet"].size(), json["distinct_characters"]);
  EXPECT_EQ(json["changes"]["trimmed_lines"], 1);
  EXPECT_EQ(json["changes"]["duplicate_lines"], 0);
  for (const Json& suggestion : json["suggestions"]) EXPECT_GT(suggestion["reason"].get<std::string>().size(), 10U);
  EXPECT_EQ(json["suggestions"].back()["value"], "tiny");
  EXPECT_EQ(json["sources"].size(), 1U);
  EXPECT_EQ(json["sources"][0]["file"], "a.txt");
  EXPECT_EQ(json["sources"][0]["encoding"], "UTF-8");
  EXPECT_EQ(json["sources"][0]["confidence"], 100);
  EXPECT_EQ(json["sources"][0]["compression"], "none");
  EXPECT_EQ(json["sources"][0]["format"], "plain");
  EXPECT_EQ(json["parts"][0]["file"], "b.txt");
  EXPECT_EQ(json["parts"][0]["documents"], 1);
}

TEST(PrepStatistics, Table_ReadsWell) {
  const Fude fude;
  fude.folder().write("a.txt", sea_story());
  const ProcessResult result = fude.run({"prep", "a.txt", "-o", "b.txt", "--stats"});
  EXPECT_EQ(result.err, "");
  for (const char* const part :
       {"sentences                         48", "repeated lines                    20", "scripts",
        "bits/char, 1-5-grams  1: ", "words that make up    50 %: ", "--preset tiny  ("})
    EXPECT_THAT(result.out, HasSubstr(part));
}

}  // namespace
}  // namespace fude
