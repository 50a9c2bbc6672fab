// Real signals to real training: nothing is lost, and nothing else is changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/fude.h"
#include "cli/run_files.h"

namespace fude {
namespace {

using testing::HasSubstr;
using testing::Not;

class Signals : public testing::Test {
 protected:
  Signals() { fude_.folder().write("story.txt", sea_story()); }

  static std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> training(const std::string& out, const std::vector<std::string>& more) const {
    return fude_.command(with({"train", "story.txt", "--preset", "tiny", "--hidden-size", "16", "--seq-length", "16",
                               "--batch-size", "4", "--seed", "1", "--threads", "1", "--out", out},
                              more));
  }
  std::filesystem::path run(const std::string& out) const { return fude_.folder() / out; }
  static void rest(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

  Fude fude_;
};

struct Moment {
  const char* name;
  std::vector<std::string> flags;  // that make a run spend most of its time so
};
const std::vector<Moment> kMoments = {
    {"step", {"--steps", "300", "--eval-every", "100", "--sample-every", "-1"}},
    {"evaluation", {"--steps", "40", "--eval-every", "1", "--val-frac", "0.5", "--sample-every", "-1"}},
    {"sample", {"--steps", "40", "--eval-every", "20", "--sample-every", "1", "--sample-length", "300"}},
    {"save", {"--steps", "40", "--eval-every", "20", "--sample-every", "-1", "--save-every", "0.000001"}},
};

TEST_F(Signals, FirstOne_SavesAndEndsAndNothingIsChanged) {
  int all_interrupted = 0;
  for (const Moment& moment : kMoments) {
    const std::string straight = std::string(moment.name) + ".straight";
    ASSERT_EQ(run_process(training(straight, moment.flags), fude_.in_folder({})).exit_code, 0);
    int interrupted = 0;
    for (const int number : {SIGINT, SIGTERM, SIGINT}) {
      const std::string out = std::string(moment.name) + std::to_string(interrupted) + std::to_string(number);
      Process process(training(out, moment.flags), fude_.in_folder({}));
      ASSERT_TRUE(process.wait_for("run        "));  // the plan's last line
      rest(3 + 4 * number);
      process.send(number);
      ProcessResult result = process.finish();
      // A machine that stood still may have let the run end before.
      ASSERT_TRUE(result.exit_code == 130 || result.exit_code == 0) << result.err;
      if (result.exit_code == 130) {
        ++interrupted;
        ++all_interrupted;
        EXPECT_THAT(result.err, HasSubstr("fude train --resume " + out));
        result = fude_.run({"train", "--resume", out});
        EXPECT_EQ(result.exit_code, 0) << result.err;
      }
      expect_equal_runs(run(out), run(straight));
    }
  }
  EXPECT_GT(all_interrupted, 0);
}

TEST_F(Signals, SameSignalTwiceAtOnce_IsOne) {
  Process process(training("run", {"--epochs", "1e6", "--eval-every", "20", "--sample-every", "-1"}),
                  fude_.in_folder({}));
  ASSERT_TRUE(process.wait_for("step 20 "));
  for (int k = 0; k < 2; ++k) process.send(SIGTERM);
  const ProcessResult result = process.finish();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_THAT(result.err, HasSubstr("the run is saved"));
}

TEST_F(Signals, SecondOne_QuitsAtOnce) {
  ASSERT_NO_FATAL_FAILURE(fude_.train_story());
  Process writing(fude_.command({"generate", "runs/story", "-n", "-1", "--no-eos"}),
                  fude_.in_folder({.output_space = 4096}));
  ASSERT_TRUE(writing.wait_for("e"));
  // Nobody reads what it writes: once the pipe is full it waits there, whatever it was asked.
  rest(3000);
  writing.send(SIGINT);
  rest(1000);
  writing.send(SIGINT);
  const ProcessResult result = writing.finish();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_THAT(result.err, Not(HasSubstr("ended by")));
}

TEST_F(Signals, SaveAskedFor_IsMadeAndTheRunGoesOn) {
  const std::vector<std::string> flags = {"--epochs",       "1e6", "--eval-every", "20",
                                          "--sample-every", "-1",  "--save-every", "1h"};
  Process process(training("run", flags), fude_.in_folder({}));
  ASSERT_TRUE(process.wait_for("step 20 "));
  process.send(SIGUSR1);
  ASSERT_TRUE(process.wait_for("note: saved at step "));
  ASSERT_TRUE(process.wait_for("step "));  // it goes on
  process.send(SIGKILL);
  EXPECT_EQ(process.finish().exit_code, 128 + SIGKILL);
  const Json figures = parse_json(SafetensorsFile(run("run") / "last.state").metadata().at("figures"), "figures");
  EXPECT_GE(figures["step"].get<int64_t>(), 20);
}

// Nothing is there to save yet: what asks for an end gets it, and what does not is heard later.
TEST_F(Signals, WhileTheTextIsRead_OnlyAnEndEnds) {
  const std::vector<std::string> command = fude_.command(
      {"train", "-", "--preset", "tiny", "--hidden-size", "8", "--steps", "2", "--threads", "1", "--out", "run"});
  for (const int number : {SIGINT, SIGTERM}) {
    Process process(command, fude_.in_folder({.keep_input_open = true}));
    rest(300);
    process.send(number);
    EXPECT_EQ(process.finish().exit_code, 128 + number);
    EXPECT_FALSE(std::filesystem::exists(run("run")));
  }
  Process process(command, fude_.in_folder({.keep_input_open = true}));
  rest(500);
  for (const int number : {SIGUSR1, SIGHUP}) process.send(number);
  process.write(sea_story());
  const ProcessResult result = process.finish();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("note: saved at step 0\n"));
}

TEST_F(Signals, TerminalThatIsClosed_EndsNothing) {
  const std::vector<std::string> flags = {"--steps", "200", "--eval-every", "10", "--sample-length", "20"};
  ASSERT_EQ(run_process(training("straight", flags), fude_.in_folder({})).exit_code, 0);
  Process process(training("run", flags), fude_.in_folder({.environment = {{"TERM", "xterm"}}, .terminal = true}));
  ASSERT_TRUE(process.wait_for("step 10 "));
  process.hang_up();
  EXPECT_EQ(process.finish().exit_code, 0);
  expect_equal_runs(run("run"), run("straight"));
}

TEST_F(Signals, StandardErrorThatIsClosed_EndsNothing) {
  for (const char* const where : {"2>&1 | true", "2>&-", "2>/dev/full"}) {
    std::string line = "{ '" FUDE_BINARY "'";
    const std::vector<std::string> all = training("run", {"--steps", "60", "--eval-every", "10"});
    for (size_t k = 1; k < all.size(); ++k) line += " " + all[k];
    line += "; echo $? >code; } " + std::string(where);
    std::filesystem::remove_all(run("run"));
    EXPECT_EQ(run_process({"/bin/sh", "-c", line}, fude_.in_folder({})).exit_code, 0);
    EXPECT_EQ(read_file(fude_.folder() / "code"), "0\n") << where;
    EXPECT_THAT(read_file(run("run") / "log.jsonl"), HasSubstr("\"step\":60,")) << where;
  }
}

TEST_F(Signals, StandardErrorThatNobodyReads_LetsTheRunBeSaved) {
  const std::string pipe = fude_.folder() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int ends = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(::fcntl(ends, F_SETPIPE_SZ, 4096), 4096);
  std::string line = "exec '" FUDE_BINARY "'";
  const std::vector<std::string> all =
      training("run", {"--epochs", "1e6", "--eval-every", "1", "--sample-every", "-1"});
  for (size_t k = 1; k < all.size(); ++k) line += " " + all[k];
  Process process({"/bin/sh", "-c", line + " 2>pipe"}, fude_.in_folder({}));
  int unread = 0;
  for (int k = 0; k < 600 && unread < 3000; ++k) {
    rest(100);
    ::ioctl(ends, FIONREAD, &unread);
  }
  rest(1000);  // now it waits for a reader
  process.send(SIGTERM);
  EXPECT_EQ(process.finish().exit_code, 130);
  ::close(ends);
  EXPECT_EQ(fude_.run({"train", "--resume", "run", "--steps", "1"}).exit_code, 0);
}

// Ctrl-Z and fg. The time between is no time of the run, which would have been over otherwise.
TEST_F(Signals, StoppedByCtrlZ_GoesOnWithTheTimeItHadLeft) {
  std::string line = "set -m; '" FUDE_BINARY "'";
  const std::vector<std::string> all =
      training("run", {"--max-time", "2s", "--eval-every", "5", "--sample-every", "-1", "--batch-size", "2"});
  for (size_t k = 1; k < all.size(); ++k) line += " " + all[k];
  line +=
      " & p=$!; until grep -q step run/log.jsonl 2>/dev/null; do sleep 0.05; done; kill -TSTP $p; sleep 0.3;"
      " grep State: /proc/$p/status; sleep 6; kill -CONT $p; while kill -0 $p 2>/dev/null; do sleep 0.1; done; wait $p";
  const ProcessResult result = run_process({"/bin/bash", "-c", line}, fude_.in_folder({}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("T (stopped)"));
  const std::string log = read_file(run("run") / "log.jsonl");
  const Json last = parse_json(log.substr(log.rfind('\n', log.size() - 2) + 1), "log");
  EXPECT_LT(last["seconds"].get<double>(), 6);
}

// No signal that anybody sent, but one that comes of reading what is no longer there.
TEST_F(Signals, TokensCutShort_EndWithAMessageAndWhatWasSaved) {
  const std::vector<std::string> flags = {"--epochs", "1e6", "--eval-every", "20", "--sample-every", "-1"};
  Process process(training("run", with({"--save-every", "0"}, flags)), fude_.in_folder({}));
  ASSERT_TRUE(process.wait_for("step 40 "));
  std::filesystem::resize_file(run("run") / "cache/train.tokens", 0);
  const ProcessResult result = process.finish();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("error: a file was cut short while it was read"));
  const ProcessResult resumed = fude_.run({"train", "--resume", "run", "--steps", "60"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
}

}  // namespace
}  // namespace fude
