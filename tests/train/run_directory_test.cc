#include "train/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"
#include "train/log.h"
#include "train/run_lock.h"

namespace fude {
namespace {

using ::testing::HasSubstr;

void no_note(std::string_view note) { ADD_FAILURE() << note; }

TEST(RunDirectory, FolderWithARun_IsRefusedWithAHint) {
  for (const char* const name : {"config.json", "last.state", "previous.state", "best.safetensors", "samples.txt"}) {
    const TempDir dir;
    dir.write(name, "{}");
    try {
      RunDirectory(dir.path()).refuse_existing();
      FAIL() << name;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(name));
      EXPECT_THAT(error.hint(), HasSubstr("--resume"));
    }
  }
}

TEST(RunDirectory, NewOrForeignFolder_IsAccepted) {
  const TempDir dir;
  EXPECT_NO_THROW(RunDirectory(dir / "new").refuse_existing());
  dir.write("notes.txt", "mine");
  EXPECT_NO_THROW(RunDirectory(dir.path()).refuse_existing());
}

TEST(RunDirectory, FolderWithACacheOfSomebodys_IsRefusedAndNothingOfItCleaned) {
  const TempDir dir;
  dir.write("run/cache/train.tokens", "");
  dir.write("run/cache/train.tokens.new-17", "");
  EXPECT_NO_THROW(RunDirectory(dir / "run").refuse_existing());
  dir.write("run/cache/notes.new-2024", "mine");
  EXPECT_THROW(RunDirectory(dir / "run").refuse_existing(), ConfigError);
  RunDirectory(dir / "run").clean();
  EXPECT_TRUE(file_exists(dir / "run/cache/notes.new-2024"));
  EXPECT_FALSE(file_exists(dir / "run/cache/train.tokens.new-17"));
}

TEST(RunDirectory, FolderOfARunThatWasNeverSaved_IsVacantUnlessSomebodyTrainsInIt) {
  const TempDir dir;
  const RunDirectory run(dir / "run");
  EXPECT_TRUE(run.is_vacant());
  dir.write("run/cache/train.tokens", "of a preparation that was interrupted");
  EXPECT_TRUE(run.is_vacant());
  {
    const RunLock lock(dir / "run");
    EXPECT_FALSE(run.is_vacant());
  }
  dir.write("run/.lock", "process 1 on a machine that is off");
  EXPECT_TRUE(run.is_vacant());
  dir.write("run/notes.txt", "mine");
  EXPECT_FALSE(run.is_vacant());
  EXPECT_FALSE(RunDirectory(dir / "run/notes.txt").is_vacant());
}

// Whoever resumes a run that came from elsewhere must not write to files of his own.
TEST(RunDirectory, LinksOutOfTheRun_CannotBeResumed) {
  for (const char* const link : {"report.html", "cache", "cache/train.tokens", ".lock"}) {
    const TempDir dir;
    for (const char* const name : {"run/config.json", "run/last.state", "mine/notes.txt"}) dir.write(name, "{}");
    const RunDirectory run(dir / "run");
    EXPECT_NO_THROW(run.require_existing());
    const auto path = dir / "run" / link;
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_symlink(dir / "mine", path);
    try {
      run.require_existing();
      FAIL() << link;
    } catch (const IoError& error) {
      EXPECT_THAT(error.what(), HasSubstr(std::string(link) + " is a symbolic link"));
    }
  }
}

// They would be waited for, or written to.
TEST(RunDirectory, PipesAndFolders_AreNoFilesOfARun) {
  const TempDir dir;
  dir.write("run/last.state", "{}");
  const RunDirectory run(dir / "run");
  ASSERT_EQ(::mkfifo((dir / "run/log.jsonl").c_str(), 0600), 0);
  EXPECT_THROW(run.require_existing(), IoError);
  std::filesystem::remove(dir / "run/log.jsonl");
  EXPECT_NO_THROW(run.require_existing());
  std::filesystem::create_directory(dir / "run/samples.txt");
  EXPECT_THROW(run.require_existing(), IoError);
}

TEST(RunDirectory, LinksInAFolder_AreNotWrittenThrough) {
  const TempDir dir, other;
  for (const char* const name : {"cache", "log.jsonl", "last.state", "samples.txt"}) {
    std::filesystem::create_directories(dir / "run");
    std::filesystem::create_symlink(other / name, dir / "run" / name);  // to what is not there, or not yet
    EXPECT_THROW(RunDirectory(dir / "run").refuse_existing(), IoError) << name;
    std::filesystem::remove_all(dir / "run");
  }
  std::filesystem::create_directories(dir / "run/cache");
  std::filesystem::create_symlink(other / "tokens", dir / "run/cache/train.tokens");
  EXPECT_THROW(RunDirectory(dir / "run").refuse_existing(), IoError);
}

TEST(RunDirectory, FolderWithoutASavedRun_CannotBeResumed) {
  const TempDir dir;
  EXPECT_THROW(RunDirectory(dir.path()).require_existing(), IoError);
  dir.write("last.safetensors", "");
  EXPECT_THROW(RunDirectory(dir.path()).require_existing(), IoError);
  dir.write("previous.state", "");
  EXPECT_NO_THROW(RunDirectory(dir.path()).require_existing());
}

TEST(RunDirectory, RoomForTheNextSave_IsAskedOfTheDisk) {
  const TempDir dir;
  const RunDirectory run(dir.path());
  EXPECT_NO_THROW(run.require_space(1000, 1000));
  try {
    run.require_space(int64_t{1} << 58, 1000);
    FAIL();
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr(dir.path().string()));
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(RunDirectory, Rewind_DropsWhatCameAfterTheSave) {
  const TempDir dir;
  RunDirectory run(dir.path());
  run.append_record({.step = 1, .val_loss = 2});
  run.append_sample(1, 0.5, "once");
  const RunDirectory::Sizes saved = run.sizes();
  run.append_record({.step = 2, .val_loss = 1});
  run.append_sample(2, 1, "upon\n");
  EXPECT_THAT(read_file(run.samples()), HasSubstr("----- step 2, epoch 1.00 -----\nupon\n\n"));
  std::filesystem::resize_file(run.log(), uint64_t{1} << 38);  // holes: more than any machine could read
  std::filesystem::resize_file(run.samples(), uint64_t{1} << 38);

  RunDirectory resumed(dir.path());
  // A state that is saved meanwhile counts less than there is yet.
  resumed.rewind(saved, no_note, [&] {
    EXPECT_EQ(resumed.sizes().log, saved.log);
    EXPECT_EQ(std::filesystem::file_size(resumed.log()), uint64_t{1} << 38);
    EXPECT_EQ(std::filesystem::file_size(resumed.samples()), uint64_t{1} << 38);
  });
  ASSERT_EQ(resumed.records().size(), 1u);
  EXPECT_EQ(resumed.records()[0].step, 1);
  resumed.append_record({.step = 3, .val_loss = 1});
  resumed.append_sample(3, 1.5, "a time");
  EXPECT_EQ(parse_log(read_file(run.log()), "log").size(), 2u);
  EXPECT_THAT(read_file(run.samples()), HasSubstr("once\n\n----- step 3"));
}

TEST(RunDirectory, Rewind_KeepsWhatCanBeReadOfADamagedLog) {
  const TempDir dir;
  RunDirectory run(dir.path());
  for (const int64_t step : {1, 2, 3}) run.append_record({.step = step, .val_loss = 2});
  std::string log = read_file(run.log());
  log[log.find("\"step\":2") + 7] = 'x';
  write_file(run.log(), log);

  RunDirectory resumed(dir.path());
  std::string notes;
  resumed.rewind(run.sizes(), [&](std::string_view note) { notes += note; });
  EXPECT_THAT(notes, HasSubstr("log.jsonl:2: "));
  ASSERT_EQ(resumed.records().size(), 2u);
  EXPECT_EQ(resumed.records()[1].step, 3);
  resumed.append_record({.step = 4, .val_loss = 2});
  EXPECT_EQ(parse_log(read_file(run.log()), "log").size(), 3u);
}

TEST(RunDirectory, Rewind_TellsWhatIsMissing) {
  const TempDir dir;
  std::string notes;
  RunDirectory(dir.path()).rewind({.log = 10, .samples = 20}, [&](std::string_view note) { notes += note; });
  EXPECT_THAT(notes, HasSubstr("log.jsonl has only 0 of the 10 bytes"));
  EXPECT_THAT(notes, HasSubstr("samples.txt has only 0 of the 20 bytes"));
}

}  // namespace
}  // namespace fude
