// Runs whose files were damaged or lost, and runs that two trainings want.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "base/file.h"
#include "fude/base/error.h"
#include "fude/train/trainer.h"
#include "train/log.h"
#include "train/small_run.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TrainOptions longer_run(const TempDir& dir) {
  TrainOptions options = small_run(dir);
  options.epochs = 0;
  options.steps = 20;
  options.eval_every = 5;
  options.save_seconds = 0;
  return options;
}

// A run that was interrupted at step 13, where the last evaluation and its save were at 10, beside one that was not.
class Recovery : public ::testing::Test {
 protected:
  void SetUp() override {
    train(longer_run(straight_dir_));
    std::atomic<bool> stop = false;
    TrainEvents events;
    events.stop = &stop;
    events.on_progress = [&stop](const TrainProgress& progress) { stop = progress.step == 13; };
    train(longer_run(dir_), events);
  }

  fs::path run() const { return dir_ / "run"; }
  void damage(const char* name) const {
    std::string bytes = read_file(run() / name);
    bytes[bytes.size() / 2] ^= 0x10;
    write_file(run() / name, bytes);
  }

  TrainResult resume() {
    notes_.clear();
    TrainEvents events;
    events.on_note = [this](std::string_view note) { notes_ += std::string(note) + "\n"; };
    return resume_training(run(), {}, events);
  }
  void expect_as_if_nothing_happened() {
    EXPECT_EQ(resume().last.step, 20);
    for (const char* const name : {"best.safetensors", "last.safetensors"})
      EXPECT_TRUE(read_file(run() / name) == read_file(straight_dir_ / "run" / name)) << name;
    EXPECT_EQ(parse_log(read_file(run() / "log.jsonl"), "log").size(), 4U);
    EXPECT_EQ(LanguageModel::load(run() / "best.safetensors").training_info(),
              LanguageModel::load(straight_dir_ / "run/best.safetensors").training_info());
  }

  TempDir straight_dir_, dir_;
  std::string notes_;
};

TEST_F(Recovery, StateDamaged_GoesOnFromTheOneBefore) {
  damage("last.state");
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, AllOf(HasSubstr("last.state: damaged"), HasSubstr("step 10")));
}

TEST_F(Recovery, StateMissing_GoesOnFromTheOneBefore) {
  fs::remove(run() / "last.state");
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, HasSubstr("last.state is missing"));
}

TEST_F(Recovery, OnlyTheGoodStateWhole_GoesOnFromThere) {
  damage("last.state");
  fs::remove(run() / "previous.state");
  const std::string good = read_file(run() / "good.state");
  TrainEvents events;
  events.on_start = [&](const Preflight&) {
    EXPECT_TRUE(read_file(run() / "last.state") == good);
    EXPECT_TRUE(read_file(run() / "good.state") == good);
    throw IoError("killed");
  };
  EXPECT_THROW(resume_training(run(), {}, events), IoError);
  damage("last.state");
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, HasSubstr("going on from good.state, of step 10"));
}

TEST_F(Recovery, AllStatesDamaged_IsAnErrorThatTouchesNothing) {
  for (const char* const name : {"last.state", "previous.state", "good.state"}) damage(name);
  dir_.write("run/last.state.new-1", "what a killed save has left may be all there is");
  const auto content = [this] {
    std::map<fs::path, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(run()))
      files[entry.path()] = entry.is_directory() ? "" : read_file(entry.path());
    return files;
  };
  const auto before = content();
  EXPECT_THROW(resume(), FormatError);
  EXPECT_EQ(content(), before);
}

TEST_F(Recovery, OldState_IsKeptUntilTheNextIsWhole) {
  damage("last.state");
  // Good again before the first save: a kill from here on finds a good state under either name.
  TrainEvents events;
  events.on_start = [this](const Preflight&) {
    EXPECT_TRUE(fs::exists(run() / "last.state"));
    EXPECT_FALSE(fs::exists(run() / "previous.state"));
    throw IoError("killed");
  };
  EXPECT_THROW(resume_training(run(), {}, events), IoError);
  expect_as_if_nothing_happened();
  EXPECT_EQ(notes_, "");
}

TEST_F(Recovery, ModelsCacheAndSettings_AreMadeFromTheState) {
  for (const char* const name : {"last.safetensors", "config.json", "cache/train.tokens"}) damage(name);
  fs::remove(run() / "cache/valid.tokens");
  fs::remove(run() / "report.html");
  write_file(run() / "config.json", "{\"options\": {");
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, AllOf(HasSubstr("config.json"), HasSubstr("options are those saved in last.state")));
  EXPECT_TRUE(fs::exists(run() / "report.html"));
  fs::remove(run() / "config.json");
  fs::remove(run() / "last.safetensors");
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, HasSubstr("config.json is missing"));
}

TEST_F(Recovery, DamagedLog_KeepsTheOtherLines) {
  std::string log = read_file(run() / "log.jsonl");
  log[0] = 'x';
  write_file(run() / "log.jsonl", log);
  resume();
  EXPECT_THAT(notes_, HasSubstr("log.jsonl:1: "));
  EXPECT_EQ(parse_log(read_file(run() / "log.jsonl"), "log").size(), 3U);
}

TEST_F(Recovery, FolderMovedWhileItTrains_LeavesARunOfItsNameAlone) {
  std::string state, log;
  TrainEvents events;
  events.on_progress = [&](const TrainProgress& progress) {
    if (progress.step != 17) return;
    fs::rename(run(), dir_ / "moved");
    fs::copy(straight_dir_ / "run", run(), fs::copy_options::recursive);
    state = read_file(run() / "last.state");
    log = read_file(run() / "log.jsonl");
  };
  try {
    resume_training(run(), {}, events);
    ADD_FAILURE() << "it wrote to another run";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no longer the folder"));
    EXPECT_THAT(error.hint(), Not(HasSubstr("as it was last saved")));
  }
  EXPECT_TRUE(read_file(run() / "last.state") == state);
  EXPECT_EQ(read_file(run() / "log.jsonl"), log);
  fs::remove_all(run());
  fs::rename(dir_ / "moved", run());
  expect_as_if_nothing_happened();
}

TEST_F(Recovery, FolderGoneWhileAFileIsWritten_IsToldAsThat) {
  TrainEvents events;
  events.on_progress = [&](const TrainProgress& progress) {
    if (progress.step != 17) return;
    fs::rename(run(), dir_ / "moved");
    throw IoError("cannot write best.safetensors", "create its folder first");
  };
  try {
    resume_training(run(), {}, events);
    ADD_FAILURE() << "it went on";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no longer the folder"));
  }
}

TEST_F(Recovery, CopyMadeOfLinks_IsARunOfItsOwn) {
  TrainOptions options = longer_run(dir_);
  options.out = dir_ / "sampled";
  options.steps = 10;
  TrainEvents events;
  events.sampler = [](const LanguageModel&, uint64_t, int) { return std::string("The river had it."); };
  train(options, events);
  const fs::path copy = dir_ / "copy";
  fs::copy(options.out, copy, fs::copy_options::recursive | fs::copy_options::create_hard_links);
  resume_training(copy.string(), {.steps = 20}, events);
  for (const char* const name : {"samples.txt", "log.jsonl"}) {
    const std::string ten_steps = read_file(fs::path(options.out) / name), twenty_steps = read_file(copy / name);
    EXPECT_LT(ten_steps.size(), twenty_steps.size()) << name;
    EXPECT_TRUE(twenty_steps.starts_with(ten_steps)) << name;
  }
}

TEST_F(Recovery, LostBestModel_IsThatOfTheState) {
  TrainOptions options = longer_run(dir_);
  EXPECT_EQ(resume().best->step, 20);  // the last evaluation was the best
  for (const bool there : {true, false}) {
    const std::string whole = read_file(run() / "best.safetensors");
    if (there)
      damage("best.safetensors");
    else
      fs::remove(run() / "best.safetensors");
    resume();
    EXPECT_THAT(notes_, HasSubstr("made again from the state"));
    EXPECT_TRUE(read_file(run() / "best.safetensors") == whole);
  }
}

TEST_F(Recovery, BestModelTakenAwayAtTheEnd_IsTold) {
  std::string told;
  TrainEvents events;
  events.on_note = [&](std::string_view note) { told += std::string(note) + "\n"; };
  events.on_evaluation = [&](const EvaluationRecord& record) {
    if (record.step == 20) fs::remove(run() / "best.safetensors");
  };
  const TrainResult result = resume_training(run(), {}, events);
  EXPECT_THAT(told, HasSubstr("best.safetensors is missing; the model is that of the last step"));
  EXPECT_EQ(result.model_path, run() / "last.safetensors");
  EXPECT_FALSE(result.best);
}

TEST_F(Recovery, BestModelOfAnotherRun_IsNotTaken) {
  const TempDir other;
  TrainOptions options = longer_run(other);
  options.seed = 9;
  train(options);
  fs::copy_file(other / "run/best.safetensors", run() / "best.safetensors", fs::copy_options::overwrite_existing);
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, HasSubstr("best.safetensors is the model of another run"));
}

TEST_F(Recovery, BestModelOfTheSameRunOnOtherText_IsNotTaken) {
  const TempDir other;
  TrainOptions options = longer_run(other);
  std::string text = read_file(options.corpus.inputs.front());
  std::reverse(text.begin(), text.end());  // the same characters
  write_file(options.corpus.inputs.front(), text);
  train(options);
  fs::copy_file(other / "run/best.safetensors", run() / "best.safetensors", fs::copy_options::overwrite_existing);
  expect_as_if_nothing_happened();
  EXPECT_THAT(notes_, HasSubstr("best.safetensors is the model of another run"));
}

TEST_F(Recovery, LostBestModelOfAnEarlierStep_IsFollowedByTheNext) {
  damage("best.safetensors");
  const TrainResult result = resume();
  EXPECT_THAT(notes_, HasSubstr("best.safetensors: damaged"));
  EXPECT_THAT(notes_, HasSubstr("from now on"));
  ASSERT_TRUE(result.best);
  EXPECT_GE(result.best->step, 15);
  EXPECT_NO_THROW(LanguageModel::load(result.model_path));
}

TEST_F(Recovery, SecondTraining_IsRefusedWhileTheFirstGoesOn) {
  int refused = 0;
  TrainEvents events;
  events.on_evaluation = [&](const EvaluationRecord&) {
    EXPECT_THROW(resume_training(run()), IoError);
    EXPECT_THROW(train(longer_run(dir_)), IoError);
    ++refused;
  };
  EXPECT_EQ(resume_training(run(), {}, events).last.step, 20);
  EXPECT_GT(refused, 0);
  EXPECT_NO_THROW(resume());
  EXPECT_THROW(train(longer_run(dir_)), ConfigError);
}

TEST(TrainTwice, IntoOneNewFolder_SecondIsRefusedBeforeAnythingIsSaved) {
  const TempDir dir;
  bool refused = false;
  TrainEvents events;
  events.on_start = [&](const Preflight&) {
    EXPECT_FALSE(fs::exists(dir / "run/last.state"));
    EXPECT_THROW(train(longer_run(dir)), IoError);
    refused = true;
  };
  EXPECT_EQ(train(longer_run(dir), events).last.step, 20);
  EXPECT_TRUE(refused);
}

// The second overtakes the first while that still reads its text.
TEST(TrainTwice, IntoOneNewFolder_SlowerOneIsRefused) {
  const TempDir dir;
  bool other_done = false;
  TrainEvents events;
  events.on_preparation = [&](std::string_view, double, double) {
    if (!std::exchange(other_done, true)) train(longer_run(dir));
  };
  EXPECT_THROW(train(longer_run(dir), events), ConfigError);
  EXPECT_TRUE(other_done);
}

TEST(TrainIntoNewFolder, ThatFails_LeavesNoFolder) {
  const TempDir dir;
  TrainOptions options = longer_run(dir);
  options.out = (dir / "runs/story").string();
  options.corpus.inputs = {(dir / "nothing.txt").string()};
  EXPECT_THROW(train(options), IoError);
  EXPECT_FALSE(fs::exists(dir / "runs"));
  options.corpus.inputs = {dir.write("same.txt", "aaaaaaaaaaaaaaaaaaaaaaaa").string()};
  EXPECT_THROW(train(options), DataError);
  EXPECT_FALSE(fs::exists(dir / "runs"));
}

}  // namespace
}  // namespace fude
