// What is lost when a call to the system goes wrong, at any place of a whole training or of its resumption: nothing.
//
// A handful of places by default; FUDE_LONG_TESTS=1 takes every one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/fude.h"
#include "train/log.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;

constexpr int kKilled = 128 + 9;

// A training of six steps and five saves in a folder of its own.
class Training {
 public:
  Training() { fude_.folder().write("story.txt", sea_story()); }

  fs::path run() const { return fude_.folder() / "run"; }

  ProcessResult train(ProcessOptions faults = {}) const {
    return fude_.run({"train",           (fude_.folder() / "story.txt").string(),
                      "--out",           run().string(),
                      "--preset",        "tiny",
                      "--hidden-size",   "8",
                      "--seq-length",    "16",
                      "--batch-size",    "2",
                      "--steps",         "6",
                      "--eval-every",    "2",
                      "--save-every",    "0",
                      "--sample-length", "20",
                      "--threads",       "1",
                      "--seed",          "1"},
                     std::move(faults));
  }
  ProcessResult resume(ProcessOptions faults = {}) const {
    return fude_.run({"train", "--resume", run().string()}, std::move(faults));
  }
  bool can_be_resumed() const { return fs::exists(run() / "last.state") || fs::exists(run() / "previous.state"); }

  // The call of that number goes wrong so (see the shim); 0: none does. Every call is counted.
  ProcessOptions faults(int at, const std::string& how) const {
    return {.environment = {{"LD_PRELOAD", FUDE_FAULT_SHIM},
                            {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                            {"FAULT_FOLDER", run().string()},
                            {"FAULT_LOG", (fude_.folder() / "calls").string()},
                            {"FAULT_AT", std::to_string(at)},
                            {"FAULT", how}}};
  }
  // What was called, as the shim wrote it.
  std::vector<std::string> calls() const {
    std::vector<std::string> all;
    if (!fs::exists(fude_.folder() / "calls")) return all;
    std::istringstream lines(read_file(fude_.folder() / "calls"));
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
  }

  // All that must not depend on what went wrong: everything but times and paths.
  std::map<std::string, std::string> results() const {
    std::map<std::string, std::string> files;
    for (const char* const name : {"best.safetensors", "last.safetensors", "samples.txt"})
      files[name] = fs::exists(run() / name) ? read_file(run() / name) : "missing";
    for (EvaluationRecord record : parse_log(read_file(run() / "log.jsonl"), "log.jsonl")) {
      record.seconds = record.tokens_per_second = 0;
      files["log.jsonl"] += to_text(to_json(record)) + "\n";
    }
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(run())) names.insert(entry.path().filename().string());
    for (const std::string& name : names) files["names"] += name + " ";
    return files;
  }

 private:
  Fude fude_;
};

class TrainFaults : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    calls_ = new std::vector<std::string>;
#ifndef __SANITIZE_THREAD__  // cannot bear calls of its own before it is set up
    Training undisturbed;
    const ProcessResult result = undisturbed.train(undisturbed.faults(0, ""));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    expected_ = new auto(undisturbed.results());
    *calls_ = undisturbed.calls();
#endif
  }
  static void TearDownTestSuite() {
    delete expected_;
    delete calls_;
  }
  void SetUp() override {
    if (calls_->empty()) GTEST_SKIP() << "this build of the program does not take the preloaded shim";
  }

  static int calls() { return static_cast<int>(calls_->size()); }
  static const std::string& call(int number) { return (*calls_)[static_cast<size_t>(number) - 1]; }
  // Every `usual`-th number up to `last`; every one in a long test.
  static std::vector<int> places(int last, int usual) {
    const int stride = std::getenv("FUDE_LONG_TESTS") != nullptr ? 1 : usual;
    std::vector<int> all;
    for (int at = 1 + last % stride; at <= last; at += stride) all.push_back(at);
    return all;
  }

  // Goes on with whatever is there, as a person would, and ends where an undisturbed run does.
  static void expect_no_loss(const Training& training) {
    const bool saved = training.can_be_resumed();
    if (!saved) {
      const ProcessResult refused = training.resume();
      EXPECT_EQ(refused.exit_code, 1);
      EXPECT_THAT(refused.err, HasSubstr("last.state is missing"));
    }
    const ProcessResult result = saved ? training.resume() : training.train();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    expect_same(training);
  }
  static void expect_same(const Training& training) {
    ASSERT_TRUE(expected_);
    for (const auto& [name, content] : training.results())
      EXPECT_TRUE(content == expected_->at(name)) << name << (name == "names" ? ": " + content : "");
  }
  // Either the fault did not matter, or it is told, with the file and the cause, and nothing is lost.
  static void expect_told(const Training& training, const ProcessResult& result, int error) {
    if (result.exit_code != 0) {
      EXPECT_EQ(result.exit_code, 1);
      EXPECT_THAT(result.err, HasSubstr(training.run().string()));
      EXPECT_THAT(result.err, AnyOf(HasSubstr(std::strerror(error)), HasSubstr("not enough room")));
      EXPECT_THAT(result.err, HasSubstr("\n  hint: "));
    }
    expect_no_loss(training);
  }

  static std::map<std::string, std::string>* expected_;
  static std::vector<std::string>* calls_;
};
std::map<std::string, std::string>* TrainFaults::expected_ = nullptr;
std::vector<std::string>* TrainFaults::calls_ = nullptr;

TEST_F(TrainFaults, KilledBeforeAnyCall_GoesOnToTheSameBytes) {
  std::vector<int> chosen = places(calls(), 11);
  for (int at = 1; at <= calls(); ++at)
    if (call(at).starts_with("rename ")) chosen.push_back(at);  // a file that has two names, or none yet
  for (const int at : chosen) {
    SCOPED_TRACE(std::to_string(at) + ": " + call(at));
    const Training training;
    EXPECT_EQ(training.train(training.faults(at, "kill")).exit_code, kKilled);
    expect_no_loss(training);
  }
}

// What may fail without harm: a folder that cannot be synced, the lock, a cache that can be made anew, what has a
// second way, and what only tidies up.
bool may_fail(const std::string& call) {
  constexpr const char* kBeginnings[] = {"open-folder ", "open-nameless ", "fchmod ",
                                         "close open ",  "rmdir ",         "unlink "};
  const auto has = [&](const char* part) { return call.find(part) != std::string::npos; };
  return has(" open-folder ") || has("/.lock") || (call.starts_with("open ") && has("/cache/")) ||
         std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                     [&](const char* beginning) { return call.starts_with(beginning); });
}

TEST_F(TrainFaults, AnyCallThatFailsOnce_IsToldAndLosesNothing) {
  for (const int at : places(calls(), 13)) {
    SCOPED_TRACE(std::to_string(at) + ": " + call(at));
    const Training training;
    const ProcessResult result = training.train(training.faults(at, std::to_string(EIO)));
    EXPECT_TRUE(result.exit_code == 1 || may_fail(call(at))) << result.exit_code;
    expect_told(training, result, EIO);
  }
}

TEST_F(TrainFaults, DiskFullFromAnyCallOn_IsToldAndLosesNothing) {
  for (const int at : places(calls(), 13)) {
    SCOPED_TRACE(std::to_string(at) + ": " + call(at));
    const int error = at % 3 == 0 ? ENOSPC : at % 3 == 1 ? EDQUOT : EROFS;
    const Training training;
    const ProcessResult result = training.train(training.faults(at, std::to_string(error) + "+"));
    expect_told(training, result, error);
  }
}

TEST_F(TrainFaults, ShortWrite_IsWrittenOn) {
  for (const int at : places(calls(), 3)) {
    if (!call(at).starts_with("write ")) continue;
    SCOPED_TRACE(std::to_string(at) + ": " + call(at));
    const Training training;
    const ProcessResult result = training.train(training.faults(at, "short"));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    expect_same(training);
  }
}

// From a damaged last state, which is the most that resuming has to put in order.
TEST_F(TrainFaults, KilledWhileResuming_GoesOnToTheSameBytes) {
  const Training interrupted;
  ASSERT_EQ(interrupted.train(interrupted.faults(calls() * 2 / 3, "kill")).exit_code, kKilled);
  ASSERT_TRUE(fs::exists(interrupted.run() / "previous.state"));
  write_file(interrupted.run() / "last.state", "damaged");
  const auto copy_to = [&](const Training& training) {
    fs::copy(interrupted.run(), training.run(), fs::copy_options::recursive);
  };
  const Training counted;
  copy_to(counted);
  const ProcessResult result = counted.resume(counted.faults(0, ""));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("going on from "));
  expect_same(counted);
  const std::vector<std::string> all = counted.calls();
  for (const int at : places(static_cast<int>(all.size()), 11)) {
    SCOPED_TRACE(std::to_string(at) + ": " + all[static_cast<size_t>(at) - 1]);
    const Training training;
    copy_to(training);
    EXPECT_EQ(training.resume(training.faults(at, "kill")).exit_code, kKilled);
    expect_no_loss(training);
  }
}

}  // namespace
}  // namespace fude
