#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Repl : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(fude_.train_story()); }
  // Plays `script` from standard input; texts are 12 characters long and never end by themselves.
  ProcessResult play(const std::string& script) const {
    return fude_.run({"repl", "-m", "runs/story", "--seed", "6", "--chars", "12", "--no-eos"}, {.input = script});
  }
  // The story at the end of `script`.
  std::string story(const std::string& script) const {
    const ProcessResult result = play(script + "\n/write story.end\n");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return read_file(fude_.folder() / "story.end");
  }
  Fude fude_;
};

TEST_F(Repl, Text_GoesOnWithTheStory) {
  const std::string one = story("The sea");
  EXPECT_THAT(one, StartsWith("The sea"));
  EXPECT_EQ(one.size(), 19U);
  const std::string two = story("The sea\n No one");
  EXPECT_THAT(two, StartsWith(one + " No one"));
  EXPECT_EQ(two.size(), 38U);
}

TEST_F(Repl, EmptyLine_WritesOn) { EXPECT_EQ(story("The sea\n").size(), 31U); }

TEST_F(Repl, Output_IsTheStoryAndTalkGoesElsewhere) {
  const ProcessResult result = play("The sea\n/show\n/help\n");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, AllOf(StartsWith("The sea"), Not(HasSubstr("temperature")), Not(HasSubstr("/undo"))));
  EXPECT_THAT(result.err, AllOf(HasSubstr("temperature"), HasSubstr("/undo"), HasSubstr("19 characters; seed 6")));
}

TEST_F(Repl, Undo_BringsBackStoryAndChance) {
  EXPECT_EQ(story("The sea\n No one\n/undo"), story("The sea"));
  EXPECT_EQ(story("The sea\n No one\n/undo\n No one"), story("The sea\n No one"));
  EXPECT_EQ(story("The sea\n\n\n/undo 3"), "");
}

TEST_F(Repl, Undo_GoesBackBehindOtherStories) {
  const std::string two = story("The sea\n No one");
  fude_.folder().write("more.txt", ".\n");
  EXPECT_EQ(story("The sea\n No one\n/clear\n/undo"), two);
  EXPECT_EQ(story("The sea\n/save one\n No one\n/load one\n/undo"), two);
  EXPECT_EQ(story("The sea\n No one\n/retry\n/clear\n/read more.txt\n/undo 3"), story("The sea"));
}

TEST_F(Repl, Undo_KeepsAThousandSteps) {
  std::string script;
  for (int step = 0; step < 1001; ++step) script += "/clear\n";
  const ProcessResult result = play("The sea\n" + script + "/undo 1001\n/undo 1000\n/text\n");
  EXPECT_THAT(result.err, HasSubstr("only 1,000 steps can be taken back, not 1001"));
}

TEST_F(Repl, LineWithoutAnEnd_IsRefused) {
  const ProcessResult result = fude_.run({"repl", "-m", "runs/story", "--script", "/dev/zero"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("/dev/zero has a line of more than 256 MiB"));
}

TEST_F(Repl, Retry_WritesAnotherTextAndIsTheSameEachRun) {
  const std::string once = story("The sea\n/retry");
  EXPECT_THAT(once, StartsWith("The sea"));
  EXPECT_EQ(once.size(), 19U);
  EXPECT_NE(once, story("The sea"));
  EXPECT_NE(once, story("The sea\n/retry\n/retry"));
  EXPECT_EQ(once, story("The sea\n/retry"));
}

TEST_F(Repl, RetryThenUndo_LeavesTheStepOut) { EXPECT_EQ(story("The sea\n No one\n/retry\n/undo"), story("The sea")); }

TEST_F(Repl, SaveAndLoad_GoOnAsIfNothingHadHappened) {
  const std::string straight = story("The sea\n No one");
  EXPECT_EQ(story("The sea\n/save s.session\n elsewhere\n/clear\n/load s.session\n No one"), straight);
  EXPECT_EQ(story("/load s.session\n No one"), straight);
}

TEST_F(Repl, Clear_BeginsAnewAndCanBeTakenBack) {
  EXPECT_EQ(story("The sea\n/clear"), "");
  EXPECT_EQ(story("The sea\n/clear\n/undo"), story("The sea"));
}

TEST_F(Repl, Read_AddsAFileAndWritesNothing) {
  fude_.folder().write("begin.txt", "No one on the shore.\n");
  EXPECT_EQ(story("/read begin.txt"), "No one on the shore.\n");
}

TEST_F(Repl, BackslashAtTheEnd_GoesOnInTheNextLine) {
  EXPECT_THAT(story("The sea.\\\n\\\nNo one"), StartsWith("The sea.\n\nNo one"));
}

TEST_F(Repl, BackslashOnTheLastLine_LosesNothing) {
  EXPECT_THAT(play("The sea.\\\nNo one\\").out, StartsWith("The sea.\nNo one\n"));
}

TEST_F(Repl, Set_ChangesHowItWrites) {
  EXPECT_EQ(story("/set chars 3\nThe").size(), 6U);
  EXPECT_EQ(story("/set temp 0\n/seed 1\nThe"), story("/set temperature 0\n/seed 2\nThe"));
  EXPECT_THAT(play("/set stop e\n/set stop \\n\n/show\n/set stop\n/show\n").err,
              AllOf(HasSubstr("e \\n\n"), HasSubstr("stop            \n")));
}

TEST_F(Repl, SetCharsOrLines_TakesTheUsualLimitOnTokensAwayAsTheFlagDoes) {
  const auto size_after = [&](const std::string& settings) {
    const std::string script = settings + "The sea\n/write story.end\n";
    EXPECT_EQ(fude_.run({"repl", "runs/story", "--seed", "6", "--no-eos"}, {.input = script}).exit_code, 0);
    return read_file(fude_.folder() / "story.end").size() - std::string("The sea").size();
  };
  EXPECT_EQ(size_after(""), 200U);
  EXPECT_EQ(size_after("/set chars 250\n"), 250U);
  EXPECT_EQ(size_after("/set n-predict 50\n/set chars 250\n"), 50U);
  EXPECT_EQ(size_after("/set chars 250\n/set chars -1\n"), 200U);
}

TEST_F(Repl, Seed_MakesTheTextAgain) {
  EXPECT_EQ(story("/seed 3\nThe sea"), story("No\n/clear\n/seed 3\nThe sea"));
  EXPECT_THAT(play("/seed 3\n/seed\n").err, HasSubstr("seed 3\n"));
}

TEST_F(Repl, Seed_SameAsBefore_CountsToo) {
  EXPECT_EQ(story("The sea\n/seed 6\n"), story("The sea\n/seed 2\n/seed 6\n"));
}

TEST_F(Repl, Seed_OfALoadedSession_IsTheOneInUse) {
  const std::string loaded = "/seed 1\nThe sea\n/save s.session\n/seed 5\n/load s.session\n";
  EXPECT_EQ(count_of(play(loaded + "/show\n").err, "seed            1\n"), 1U);
  EXPECT_THAT(play(loaded + "/seed 5\n/show\n").err, HasSubstr("characters; seed 5"));
}

TEST_F(Repl, Probs_ShowsLikelyTokens) { EXPECT_EQ(count_of(play("The\n/probs 4\n").err, " %  "), 4U); }

TEST_F(Repl, TextCommand_PrintsTheWholeStory) {
  const ProcessResult result = play("The sea\n/text\n");
  EXPECT_EQ(result.out.substr(0, result.out.size() / 2), result.out.substr(result.out.size() / 2));
}

TEST_F(Repl, TwoSlashes_BeginATextWithASlash) {
  EXPECT_THAT(fude_.run({"repl", "runs/story", "--on-unknown", "skip", "-n", "1"}, {.input = "//The\n"}).out,
              StartsWith("/The"));
}

TEST_F(Repl, Exit_LeavesTheRestUnread) {
  const ProcessResult result = play("/exit\n/nonsense\n");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "");
}

TEST_F(Repl, Script_IsTheSameAsAPipe) {
  fude_.folder().write("play.txt", "The sea\n/retry\n/text");
  const ProcessResult script =
      fude_.run({"repl", "runs/story", "--script", "play.txt", "--seed", "6", "--chars", "12", "--no-eos"});
  EXPECT_EQ(script.exit_code, 0) << script.err;
  EXPECT_EQ(script.out, play("The sea\n/retry\n/text\n").out);
}

TEST_F(Repl, MistakeInAScript_EndsItAndNamesTheLine) {
  struct Row {
    std::string script;
    int exit_code;
    std::string message;
    std::string hint;
  };
  fude_.folder().write("strange.txt", "The \u732B");
  EXPECT_EQ(play("The sea\n/save one\n/save one\n").exit_code, 0);
  for (const Row& row :
       {Row{"/read strange.txt", 1, "strange.txt:1:5: ", "--on-unknown"},
        Row{"/undoo", 2, "unknown command /undoo", "did you mean /undo?"},
        Row{"/undo", 1, "only 0 steps can be taken back", ""}, Row{"/undo x", 2, "expected a whole number, got x", ""},
        Row{"/retry", 1, "wrote nothing", ""},
        Row{"/set temprature 1", 2, "unknown flag temprature", "did you mean temperature?"},
        Row{"/set temperature hot", 2, "expected a number, got hot", ""},
        Row{"/set temperature -1", 2, "temperature", ""},
        Row{"/undo 99999999999999", 2, "to 2147483647, got 99999999999999", ""},
        Row{"/load story.txt", 1, "story.txt: not a session", ""}, Row{"/load nothing", 1, "cannot open nothing", ""},
        Row{"/save", 2, "no file named", ""}, Row{"/save story.txt", 1, "story.txt is there and holds no session", ""},
        Row{"/save runs/story/best.safetensors", 2, "is read, and would be lost", ""},
        Row{"/write runs/story/best.safetensors", 2, "is read, and would be lost", ""},
        Row{"/write one", 1, "one is a model, a run's state, tokens or a session", "another file"},
        Row{"/save story.txt/x", 1, "cannot write story.txt/x", ""},
        Row{"/clear now", 2, "/clear takes nothing behind it", ""}, Row{"\u732B", 1, "U+732B", "--on-unknown"}}) {
    const ProcessResult result = play("/seed\n" + row.script + "\n/exit\n");
    expect_complaint(result, row.exit_code, "standard input:2: ", row.hint);
    EXPECT_THAT(result.err, HasSubstr(row.message));
  }
}

TEST_F(Repl, MistakeAtATerminal_ChangesNothingAndGoesOn) {
  Process repl(fude_.command({"repl", "runs/story", "--seed", "1"}),
               fude_.in_folder({.environment = {{"TERM", "dumb"}}, .terminal = true}));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/set temperature -1\r");
  ASSERT_TRUE(repl.wait_for("error: "));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/show\r");
  ASSERT_TRUE(repl.wait_for("temperature     0.8"));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/exit\r");
  EXPECT_EQ(repl.finish().exit_code, 0);
}

}  // namespace
}  // namespace fude
