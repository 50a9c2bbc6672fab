// Runs that are killed (SIGKILL) again and again and go on: in the end they are, byte for byte, the run that never
// stopped. A dozen kinds of runs by default; with FUDE_LONG_TESTS=1 (tools/check --long) the product of cells,
// optimizers, schedules, precisions and threads, with everything else changing from one to the next.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "cli/fude.h"
#include "cli/run_files.h"
#include "fude/base/random.h"
#include "fude/compute/backend.h"

namespace fude {
namespace {

using Arguments = std::vector<std::string>;

const std::array<Arguments, 3> kCells = {Arguments{"--cell", "lstm"}, {"--cell", "gru"}, {"--cell", "rnn"}};
const std::array<Arguments, 5> kOptimizers = {Arguments{"--optimizer", "adamw", "--weight-decay", "0.01"},
                                              {"--optimizer", "adam"},
                                              {"--optimizer", "sgd", "--lr", "0.5"},
                                              {"--optimizer", "sgd", "--momentum", "0.9", "--lr", "0.1"},
                                              {"--optimizer", "rmsprop"}};
const std::array<Arguments, 5> kSchedules = {
    Arguments{"--lr-schedule", "constant"},
    {"--lr-schedule", "linear", "--warmup", "3"},
    {"--lr-schedule", "cosine"},
    {"--lr-schedule", "step", "--lr-step", "9"},
    {"--lr-schedule", "plateau", "--lr-patience", "0", "--lr-threshold", "0.2"}};
const std::array<Arguments, 2> kPrecisions = {Arguments{"--precision", "f32"}, {"--precision", "bf16"}};
const std::array<Arguments, 2> kThreads = {Arguments{"--threads", "1"}, {"--threads", "2"}};
const std::array<Arguments, 6> kTokenizers = {Arguments{"--tokenizer", "char"},
                                              {"--tokenizer", "word"},
                                              {"--tokenizer", "bpe", "--vocab-size", "330"},
                                              {"--tokenizer", "byte"},
                                              {"--tokenizer", "unigram", "--vocab-size", "330"},
                                              {"--tokenizer", "whitespace"}};
const std::array<Arguments, 5> kDropouts = {Arguments{"--dropout", "0"},
                                            {"--dropout", "0.2"},
                                            {"--dropout-state", "0.2", "--dropout-locked"},
                                            {"--dropout", "0.2", "--no-dropout-locked"},
                                            {"--dropout-input", "0.3", "--dropout-output", "0.3"}};
const std::array<Arguments, 4> kWindows = {Arguments{"--random-length"},
                                           {"--stride", "7"},
                                           {"--state-reset", "0.3", "--random-length"},
                                           {"--doc-sep", "\\n\\n", "--reset-at-documents"}};
const std::array<Arguments, 2> kOutputs = {Arguments{"--no-tied"}, {"--tied"}};
const std::array<Arguments, 3> kSoftmaxes = {Arguments{}, {"--sampled-softmax", "20"}, {}};
const std::array<Arguments, 3> kEnds = {
    Arguments{"--steps", "30"}, {"--epochs", "3.3"}, {"--steps", "40", "--patience", "2"}};
const std::array<Arguments, 3> kHeldOut = {Arguments{}, {"--val-frac", "0"}, {"--val-frac", "0.3"}};

// Training that draws what is not given by flags from `variant`, the same for the same number.
Arguments drawn(uint64_t variant) {
  Random random(derive_seed(variant, "kinds of runs"));
  Arguments all;
  const auto add = [&](const auto& choices) {
    const Arguments& chosen = choices[random.below(choices.size())];
    all.insert(all.end(), chosen.begin(), chosen.end());
  };
  add(kTokenizers);
  add(kDropouts);
  add(kWindows);
  add(kOutputs);
  add(kSoftmaxes);
  add(kEnds);
  if (std::find(all.begin(), all.end(), "--patience") == all.end()) add(kHeldOut);
  return all;
}

class ExactResume : public testing::TestWithParam<int> {
 protected:
  ExactResume() { fude_.folder().write("story.txt", sea_story()); }

  Arguments training(const Arguments& kind, const std::string& out) const {
    Arguments all = {"train",           "story.txt", "--preset",     "tiny",     "--hidden-size",  "64",
                     "--embed-size",    "64",        "--seed",       "3",        "--seq-length",   "12",
                     "--batch-size",    "4",         "--eval-every", "4",        "--sample-every", "10",
                     "--sample-length", "10",        "--save-every", "0.000001", "--out",          out};
    all.insert(all.end(), kind.begin(), kind.end());
    return all;
  }

  // How often a kill came in time.
  int kill_and_compare(const Arguments& kind, uint64_t seed) {
    std::string shown;
    for (const std::string& argument : kind) shown += argument + " ";
    SCOPED_TRACE(shown);
    for (const char* const out : {"straight", "killed"}) std::filesystem::remove_all(fude_.folder() / out);
    const ProcessResult straight = fude_.run(training(kind, "straight"));
    EXPECT_EQ(straight.exit_code, 0) << straight.err;
    if (straight.exit_code != 0) return 0;

    Random random(seed);
    int kills = 0;
    // The first kill is one after the first save; whoever is killed before has nothing to go on from.
    {
      Process process(fude_.command(training(kind, "killed")), fude_.in_folder({}));
      EXPECT_TRUE(process.wait_for("step 4 "));
      process.send(SIGKILL);
      kills += process.finish().exit_code == 128 + SIGKILL ? 1 : 0;
    }
    const Arguments resume = fude_.command({"train", "--resume", "killed"});
    for (int part = 0; part < 3; ++part) {
      Process process(resume, fude_.in_folder({}));
      std::this_thread::sleep_for(std::chrono::microseconds(20'000 + static_cast<int64_t>(random.below(80'000))));
      process.send(SIGKILL);
      kills += process.finish().exit_code == 128 + SIGKILL ? 1 : 0;
    }
    const ProcessResult last = run_process(resume, fude_.in_folder({}));
    EXPECT_EQ(last.exit_code, 0) << last.err;
    if (last.exit_code == 0) expect_equal_runs(fude_.folder() / "killed", fude_.folder() / "straight");
    return kills;
  }

  Fude fude_;
};

class ExactResumeOf : public ExactResume {};

TEST_P(ExactResumeOf, KilledRun_EndsAsIfItNeverStopped) {
  const int n = GetParam();
  Arguments kind = drawn(static_cast<uint64_t>(n));
  const auto add = [&kind](const Arguments& more) { kind.insert(kind.end(), more.begin(), more.end()); };
  add(kCells[n % 3]);
  add(kOptimizers[n % 5]);
  add(kSchedules[(n / 2) % 5]);
  add(kPrecisions[bf16_available() ? n % 2 : 0]);
  add(kThreads[(n / 2) % 2]);
  EXPECT_GT(kill_and_compare(kind, static_cast<uint64_t>(n)), 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ExactResumeOf, testing::Range(0, 10));

// Across steps left out and returns to an earlier evaluation.
TEST_F(ExactResume, DivergingRun_EndsAsIfItNeverStopped) {
  EXPECT_GT(
      kill_and_compare({"--lr", "40", "--warmup", "0", "--rollbacks", "12", "--steps", "60", "--threads", "1"}, 1), 0);
  const std::string log = read_file(fude_.folder() / "straight" / "log.jsonl");
  EXPECT_EQ(log.find("\"rollbacks\":0}", log.rfind('{')), std::string::npos) << log;
}

// A cell and an optimizer each.
class ExactResumeOfAll : public ExactResume {};

TEST_P(ExactResumeOfAll, KilledRuns_EndAsIfTheyNeverStopped) {
  if (std::getenv("FUDE_LONG_TESTS") == nullptr) GTEST_SKIP() << "takes minutes: FUDE_LONG_TESTS=1";
  uint64_t variant = 1000 * static_cast<uint64_t>(GetParam());
  for (const Arguments& schedule : kSchedules) {
    for (const Arguments& precision : kPrecisions) {
      if (precision.back() == "bf16" && !bf16_available()) continue;
      for (const Arguments& threads : kThreads) {
        Arguments kind = drawn(++variant);
        for (const Arguments* const more :
             {&kCells[static_cast<size_t>(GetParam()) % kCells.size()],
              &kOptimizers[static_cast<size_t>(GetParam()) / kCells.size()], &schedule, &precision, &threads})
          kind.insert(kind.end(), more->begin(), more->end());
        kill_and_compare(kind, variant);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Product, ExactResumeOfAll, testing::Range(0, 15));

}  // namespace
}  // namespace fude
