// fude train: what it says, what it takes for text, and what it remembers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kQuickly = {"--preset",     "tiny", "--hidden-size", "8", "--seq-length", "16",
                                           "--batch-size", "2",    "--steps",       "4"};

ProcessResult train(const Fude& fude, std::vector<std::string> arguments, ProcessOptions options = {}) {
  arguments.insert(arguments.begin(), "train");
  arguments.insert(arguments.end(), kQuickly.begin(), kQuickly.end());
  ProcessResult result = fude.run(arguments, std::move(options));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result;
}

TEST(TrainCommand, FolderThatHoldsItsRuns_TrainsAndResumesOnTheSameText) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  train(fude, {"."});
  const ProcessResult resumed = fude.run({"train", "--resume", "runs/text", "--steps", "6"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(train(fude, {"."}).err, HasSubstr("corpus     1 file,"));
}

TEST(TrainCommand, NothingHeldOut_FiguresAreOfTheTrainingLoss) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  const std::string said = train(fude, {"story.txt", "--val-frac", "0"}).err;
  EXPECT_THAT(said, ContainsRegex("step 4 .*loss .*ppl .*bits/char .*bits/byte .*tokens/s"));
  EXPECT_THAT(said, Not(HasSubstr("  val ")));
}

TEST(TrainCommand, WhitespaceTokenizer_IsNotedToBeBeyondComparison) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  EXPECT_THAT(train(fude, {"story.txt", "--tokenizer", "whitespace", "--out", "r"}).err,
              HasSubstr("note: bits per character"));
  const ProcessResult evaluated = fude.run({"eval", "r", "story.txt"});
  EXPECT_THAT(evaluated.err, HasSubstr("note: bits per character"));
  EXPECT_THAT(train(fude, {"story.txt"}).err, Not(HasSubstr("note: bits per character")));
}

TEST(TrainCommand, TokenizerFile_IsUsedAsItIs) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  for (const char* const kind : {"word", "bpe"}) {
    const std::string file = std::string(kind) + ".tok", run = std::string(kind) + ".run";
    ASSERT_EQ(
        fude.run({"tokenizer", "train", "story.txt", "--tokenizer", kind, "--vocab-size", "330", "-o", file}).exit_code,
        0);
    train(fude, {"story.txt", "--tokenizer", file, "--out", run});
    const std::vector<std::string> encode = {"tokenizer", "encode", "--text", "The sea was calm."};
    std::vector<std::string> alone = encode, inside = encode;
    alone.insert(alone.end(), {"-t", file});
    inside.insert(inside.end(), {"-m", run});
    EXPECT_EQ(fude.run(alone).out, fude.run(inside).out);
  }
}

TEST(TrainCommand, ReadyModelWithoutBytes_IsToldToLoseTextAndWritesNoUnknown) {
  const Fude fude;
  const std::string model = std::string(FUDE_GOLDEN_DIR) + "/sentencepiece/usual.model";
  fude.folder().write("story.txt", "The Sea was Calm and the Boat lay Still.\nNo One saw the Brush.\n" + sea_story());
  const std::string said = train(fude, {"story.txt", "--tokenizer", model, "--out", "r"}).err;
  EXPECT_THAT(said, AllOf(HasSubstr("note: bits per character"), HasSubstr(" tokens are <unk>")));
  const ProcessResult written = fude.run({"generate", "-m", "r", "-n", "400", "--temperature", "5", "--seed", "1"});
  EXPECT_EQ(written.exit_code, 0) << written.err;
  EXPECT_THAT(written.out, Not(HasSubstr("\u2047")));
}

TEST(TrainCommand, TokenizerOfNeitherKind_IsRefused) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  expect_complaint(fude.run({"train", "story.txt", "--tokenizer", "./story.txt", "--out", "r"}), 1, "story.txt",
                   "fude tokenizer train");
}

TEST(TrainCommand, ControlCharacters_DoNotReachTheTerminal) {
  const Fude fude;
  fude.folder().write("story.txt", "\x7F\u009B\u009B\u009B" + std::string(300, '\x1b') + std::string(300, '\a'));
  EXPECT_THAT(train(fude, {"story.txt", "--out", "r", "--seed", "1"}).err,
              AllOf(HasSubstr("\\x1B"), Not(HasSubstr("\x1b"))));
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"inspect", "r"}, {"tokenizer", "show", "-m", "r"}, {"score", "r", "--text", "\x1b\a\u009B"}}) {
    const std::string shown = fude.run(arguments).out;
    EXPECT_THAT(shown, AllOf(HasSubstr("\\x1B"), HasSubstr("\\x07"), HasSubstr("\\xC2\\x9B")));
    for (const char* const control : {"\x1b", "\a", "\x7F", "\u009B"}) EXPECT_THAT(shown, Not(HasSubstr(control)));
  }
  EXPECT_THAT(fude.run({"score", "r", "--text", "\a\x1b", "--color"}).out, Not(HasSubstr("\a")));
  fude.folder().write("\x1b[31m.foo", sea_story());
  const std::string file = "\x1b[31m.foo";
  for (const std::string& told :
       {fude.run({"prep", file, "-o", "\x1b[32m"}).err, train(fude, {file, "-o", "\x1b[33m"}).err})
    EXPECT_THAT(told, AllOf(HasSubstr("\\x1B[31m.foo: UTF-8, plain"), Not(HasSubstr("\x1b"))));
}

TEST(TrainCommand, InitFrom_PresetAnnouncesNoNetwork) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const ProcessResult result = fude.run(
      {"train", "story.txt", "--init-from", "runs/story", "--preset", "medium", "--steps", "1", "--out", "tuned"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("from preset medium: "), Not(HasSubstr("hidden-size"))));
}

TEST(TrainCommand, ResumeAmongVariablesForNewRuns_LeavesThemOut) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const ProcessResult result =
      fude.run({"train", "--resume", "runs/story"}, {.environment = {{"FUDE_SEED", "3"}, {"FUDE_STEPS", "32"}}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("from the environment: steps 32\n"), HasSubstr("step 32 ")));
}

TEST(TrainCommand, ResumeWithFlagsOfTheRun_TakesThemAndNamesWhatContradicts) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const std::vector<std::string> same = {"train",        "story.txt", "--resume", "runs/story", "--hidden-size", "32",
                                         "--seq-length", "32",        "--seed",   "1",          "--steps",       "31"};
  const ProcessResult resumed = fude.run(same);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  expect_complaint(fude.run({"train", "--resume", "runs/story", "--hidden-size", "64", "--lr", "0.5", "--seed", "1"}),
                   2, "does not take: --hidden-size 64 (the run has 32), --lr 0.5 (the run has ", "--init-from");
  expect_complaint(fude.run({"train", "other.txt", "--resume", "runs/story"}), 2,
                   "other.txt (the run's text is " + (fude.folder() / "story.txt").string() + ")", "--init-from");
}

TEST(TrainCommand, RateFarTooHigh_EndsClearlyAndLeavesGoodModels) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  std::vector<std::string> arguments = {"train",         "story.txt", "--lr",         "1e5", "--rollbacks", "2",
                                        "--out",         "r",         "--steps",      "60",  "--preset",    "tiny",
                                        "--hidden-size", "16",        "--batch-size", "2"};
  const ProcessResult result = fude.run(arguments);
  expect_complaint(result, 1, "the run diverged at step ", "--lr");
  EXPECT_THAT(result.err,
              AllOf(ContainsRegex("note: step [0-9]+ is left out: the loss of "),
                    ContainsRegex("Back to step [0-9]+ and on at half the learning rate \\(2 of 2 times\\)")));
  EXPECT_EQ(fude.run({"generate", "r/last.safetensors", "-n", "5"}).exit_code, 0);
}

TEST(TrainCommand, FileThatMayNotGrow_IsAnError) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer writes a file of its own before the program begins";
#endif
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  const ProcessResult result = run_process(
      {"/bin/sh", "-c", "ulimit -f 0; exec '" FUDE_BINARY "' prep story.txt -o out.txt"}, fude.in_folder({}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("error: cannot write out.txt: File too large"));
}

}  // namespace
}  // namespace fude
