#include "train/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"
#include "train/log.h"

namespace fude {
namespace {

using ::testing::HasSubstr;

TEST(RunDirectory, FolderWithARun_IsRefusedWithAHint) {
  for (const char* const name : {"config.json", "last.state", "best.safetensors", "samples.txt"}) {
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

TEST(RunDirectory, FolderWithoutASavedRun_CannotBeResumed) {
  const TempDir dir;
  EXPECT_THROW(RunDirectory(dir.path()).require_existing(), IoError);
  dir.write("last.safetensors", "");
  EXPECT_THROW(RunDirectory(dir.path()).require_existing(), IoError);
  dir.write("last.state", "");
  EXPECT_NO_THROW(RunDirectory(dir.path()).require_existing());
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

  RunDirectory resumed(dir.path());
  resumed.rewind(saved);
  ASSERT_EQ(resumed.records().size(), 1u);
  EXPECT_EQ(resumed.records()[0].step, 1);
  resumed.append_record({.step = 3, .val_loss = 1});
  resumed.append_sample(3, 1.5, "a time");
  EXPECT_EQ(parse_log(read_file(run.log()), "log").size(), 2u);
  EXPECT_THAT(read_file(run.samples()), HasSubstr("once\n\n----- step 3"));
}

}  // namespace
}  // namespace fude
