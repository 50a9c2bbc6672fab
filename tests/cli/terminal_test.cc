// Terminals, Ctrl-C and closed pipes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "base/file.h"
#include "cli/fude.h"
#include "fude/base/random.h"

namespace fude {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Terminal : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(fude_.train_story()); }
  // Training that goes on until it is told to end.
  std::vector<std::string> long_training(const std::string& out) const {
    return fude_.command({"train", "story.txt", "--preset", "tiny", "--hidden-size", "32", "--batch-size", "4",
                          "--epochs", "1e6", "--eval-every", "20", "--sample-every", "-1", "--out", out});
  }
  std::unique_ptr<Process> begin_repl() const {
    auto repl = std::make_unique<Process>(fude_.command({"repl", "runs/story", "--seed", "1", "-n", "5", "--no-eos"}),
                                          fude_.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
    EXPECT_TRUE(repl->wait_for("> "));
    return repl;
  }
  // Whether the line typed is answered so, and the next one asked for.
  static bool answers(Process& repl, const std::string& line, std::string_view answer) {
    repl.write(line + "\r");
    return repl.wait_for(answer) && repl.wait_for("> ");
  }
  Fude fude_;
};

TEST_F(Terminal, InterruptedTraining_SavesAndTellsHowToGoOn) {
  for (const int signal_number : {SIGINT, SIGTERM}) {
    const std::string out = "run" + std::to_string(signal_number);
    Process training(long_training(out), fude_.in_folder({}));
    ASSERT_TRUE(training.wait_for("step 20 "));
    training.send(signal_number);
    const ProcessResult result = training.finish();
    EXPECT_EQ(result.exit_code, 130) << result.err;
    EXPECT_THAT(result.err, HasSubstr("fude train --resume " + out));
    EXPECT_EQ(fude_.run({"generate", out, "-n", "5"}).exit_code, 0);
    const ProcessResult resumed = fude_.run({"train", "--resume", out, "--epochs", "1"});
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  }
}

// What a file is given then must not be where messages go.
TEST_F(Terminal, ClosedStreams_FilesHoldNoMessages) {
  fude_.folder().write("prompts.txt", "The sea\n");
  const std::string batch = "'" FUDE_BINARY "' batch -m runs/story prompts.txt -n 5 -o out.jsonl ";
  for (const std::string closed : {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"}) {
    EXPECT_EQ(run_process({"/bin/sh", "-c", batch + closed}, fude_.in_folder({})).exit_code, 0);
    EXPECT_THAT(read_file(fude_.folder() / "out.jsonl"), StartsWith("{")) << closed;
  }
  const std::string version = "'" FUDE_BINARY "' --version >&-";
  EXPECT_EQ(run_process({"/bin/sh", "-c", version}, fude_.in_folder({})).exit_code, 1);
}

TEST_F(Terminal, InterruptedPreparation_LeavesNothingInTheWay) {
  Random random(3);
  std::string text;
  while (text.size() < 2'000'000) {
    for (uint64_t n = 1 + random.below(8); n > 0; --n) text += static_cast<char>('a' + random.below(26));
    text += ' ';
  }
  fude_.folder().write("long.txt", text);
  Process training(fude_.command({"train", "long.txt", "--tokenizer", "unigram"}), fude_.in_folder({}));
  const std::filesystem::path run = fude_.folder() / "runs/long";
  for (int i = 0; i < 6000 && !std::filesystem::exists(run); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  training.send(SIGINT);  // it learns the pieces now, for seconds
  EXPECT_EQ(training.finish().exit_code, 130);
  ASSERT_TRUE(std::filesystem::exists(run));
  const ProcessResult again =
      fude_.run({"train", "long.txt", "--preset", "tiny", "--hidden-size", "8", "--steps", "1"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("runs/long/"));
  EXPECT_FALSE(std::filesystem::exists(fude_.folder() / "runs/long-2"));
}

TEST_F(Terminal, InterruptWhileTextIsTyped_EndsTheProgram) {
  Process training(fude_.command({"train", "-", "--out", "typed"}), fude_.in_folder({.keep_input_open = true}));
  training.write("No one on the shore saw");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // now it waits for more
  training.send(SIGINT);
  EXPECT_EQ(training.finish().exit_code, 130);
  EXPECT_FALSE(std::filesystem::exists(fude_.folder() / "typed"));
}

TEST_F(Terminal, InterruptedWriting_EndsTheLineAndTheProgram) {
  Process writing(fude_.command({"generate", "runs/story", "-p", "No one", "-n", "-1", "--no-eos"}),
                  fude_.in_folder({}));
  ASSERT_TRUE(writing.wait_for("No one"));
  writing.send(SIGINT);
  const ProcessResult result = writing.finish();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_TRUE(result.out.ends_with('\n'));
  EXPECT_THAT(result.err, HasSubstr("ended by: interrupt"));
}

TEST_F(Terminal, ReaderThatGoesAway_IsNoError) {
  for (const std::string command : {"generate runs/story -n -1 --no-eos 2>err", "prep story.txt story.txt 2>err"}) {
    const ProcessResult result =
        run_process({"/bin/sh", "-c", "{ '" FUDE_BINARY "' " + command + "; echo $? >code; } | head -c 1 >/dev/null"},
                    fude_.in_folder({}));
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(read_file(fude_.folder() / "code"), "0\n") << command;
    EXPECT_THAT(read_file(fude_.folder() / "err"), Not(HasSubstr("error")));
  }
}

TEST_F(Terminal, Training_ShowsProgressInOneLine) {
  const std::vector<std::string> train = fude_.command(
      {"train", "story.txt", "--preset", "tiny", "--steps", "40", "--hidden-size", "32", "--out", "seen"});
  ProcessOptions options = fude_.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true});
  const ProcessResult result = run_process(train, options);
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("\rstep "), HasSubstr("\x1b[K")));
}

TEST_F(Terminal, NoColor_IsHonoured) {
  const std::vector<std::string> train = {"train",   "story.txt", "--preset",      "tiny",
                                          "--steps", "4",         "--hidden-size", "8"};
  ProcessOptions options{.environment = {{"TERM", "xterm"}}, .terminal = true};
  EXPECT_THAT(fude_.run(train, options).out, HasSubstr("\x1b[2m"));
  options.environment["NO_COLOR"] = "1";
  EXPECT_THAT(fude_.run(train, options).out, Not(HasSubstr("\x1b[2m")));
}

TEST_F(Terminal, Repl_CompletesInterruptsAndKeepsHistory) {
  Process repl(fude_.command({"repl", "runs/story", "--seed", "1", "-n", "-1", "--no-eos"}),
               fude_.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/sho\t\r");
  ASSERT_TRUE(repl.wait_for("0 characters; seed 1"));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("The sea\r");
  ASSERT_TRUE(repl.wait_for("The sea\r\n"));
  ASSERT_TRUE(repl.wait_for("o"));  // is not in what was typed
  repl.send(SIGINT);                // typing Ctrl-C would also make the terminal drop output that is under way
  ASSERT_TRUE(repl.wait_for("stopped"));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/nonsense\r");
  ASSERT_TRUE(repl.wait_for("error: unknown command /nonsense"));
  ASSERT_TRUE(repl.wait_for("> "));
  EXPECT_EQ(repl.press_until_end("\x04").exit_code, 0);
  EXPECT_THAT(read_file(fude_.folder() / ".local/state/fude/history"), AllOf(HasSubstr("sea"), HasSubstr("/show")));
}

TEST_F(Terminal, Repl_CtrlDTypedAhead_Leaves) {
  Process repl(fude_.command({"repl", "runs/story", "--seed", "1", "-n", "-1", "--no-eos"}),
               fude_.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("The sea\r");
  ASSERT_TRUE(repl.wait_for("The sea\r\n"));
  ASSERT_TRUE(repl.wait_for("o"));
  repl.write("\x04");
  ASSERT_TRUE(repl.wait_for("o"));  // the model writes on
  repl.send(SIGINT);
  EXPECT_EQ(repl.finish().exit_code, 0);
}

TEST_F(Terminal, Repl_ToldToEnd_EndsAndKeepsHistory) {
  for (const int signal_number : {SIGTERM, SIGHUP}) {
    const std::string state = (fude_.folder() / ("state" + std::to_string(signal_number))).string();
    Process repl(fude_.command({"repl", "runs/story"}),
                 fude_.in_folder({.environment = {{"TERM", "xterm"}, {"XDG_STATE_HOME", state}}, .terminal = true}));
    ASSERT_TRUE(repl.wait_for("> "));
    repl.write("/seed 4\r");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // now it waits for another line
    repl.send(signal_number);
    EXPECT_EQ(repl.finish().exit_code, 130);
    EXPECT_THAT(read_file(state + "/fude/history"), HasSubstr("seed"));
  }
}

TEST_F(Terminal, Repl_LeftWithAnUnsavedStory_KeepsIt) {
  auto repl = begin_repl();
  ASSERT_TRUE(answers(*repl, "The sea", "The sea\r\n"));
  EXPECT_THAT(repl->press_until_end("\x04").out, HasSubstr("the story is kept"));
  repl = begin_repl();
  ASSERT_TRUE(answers(*repl, "/load .local/state/fude/last.session", ""));
  ASSERT_TRUE(answers(*repl, "/text", "The sea"));
  // It is in a file.
  EXPECT_THAT(repl->press_until_end("\x04").out, Not(HasSubstr("the story is kept")));
}

TEST_F(Terminal, Repl_ReaderGone_KeepsTheStory) {
  const std::string repl = "exec '" FUDE_BINARY "' repl runs/story --seed 1 -n 5 --no-eos | head -c 5";
  Process shell({"/bin/sh", "-c", repl}, fude_.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
  ASSERT_TRUE(shell.wait_for("> "));
  EXPECT_THAT(shell.press_until_end("The sea\r").out, HasSubstr("the story is kept"));
  EXPECT_TRUE(file_exists(fude_.folder() / ".local/state/fude/last.session"));
}

TEST_F(Terminal, Repl_StoriesLeftBehind_AreToldAndTheLastTwoKept) {
  for (const std::string name : {"The sea", "The story"}) {
    const auto repl = begin_repl();
    ASSERT_TRUE(answers(*repl, "No one", "No one\r\n"));
    ASSERT_TRUE(answers(*repl, "/clear", "/undo brings it back"));
    ASSERT_TRUE(answers(*repl, name, name + "\r\n"));
    EXPECT_THAT(repl->press_until_end("\x04").out, HasSubstr("the story is kept"));
  }
  EXPECT_THAT(read_file(fude_.folder() / ".local/state/fude/previous.session"), HasSubstr("The sea"));
  EXPECT_THAT(read_file(fude_.folder() / ".local/state/fude/last.session"), HasSubstr("The story"));
}

TEST_F(Terminal, Repl_HistoryFollowsTheStateFolder) {
  const std::string state = (fude_.folder() / "state").string();
  Process repl(fude_.command({"repl", "runs/story"}),
               fude_.in_folder({.environment = {{"TERM", "xterm"}, {"XDG_STATE_HOME", state}}, .terminal = true}));
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/seed 4\r");
  ASSERT_TRUE(repl.wait_for("> "));
  repl.write("/exit\r");
  EXPECT_EQ(repl.finish().exit_code, 0);
  EXPECT_THAT(read_file(fude_.folder() / "state/fude/history"), HasSubstr("seed"));
}

}  // namespace
}  // namespace fude
