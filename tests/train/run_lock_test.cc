#include "train/run_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(RunLock, Second_IsRefusedAndToldByWhom) {
  const TempDir dir;
  const RunLock first(dir.path());
  try {
    const RunLock second(dir.path());
    FAIL();
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr(dir.path().string()), HasSubstr("process " + std::to_string(::getpid()) + " on ")));
    EXPECT_FALSE(error.hint().empty());
  }
}

// It looks like something left behind, so people do.
TEST(RunLock, FileTakenAway_StillHolds) {
  const TempDir dir;
  const RunLock first(dir.path());
  std::filesystem::remove(RunLock::file(dir.path()));
  EXPECT_THROW(RunLock(dir.path()), IoError);
  EXPECT_TRUE(RunLock::is_held(dir.path()));
  EXPECT_FALSE(std::filesystem::exists(RunLock::file(dir.path())));
}

// Another run may have its name by then.
TEST(RunLock, FolderMoved_IsNoticed) {
  const TempDir dir;
  {
    const RunLock lock(dir / "run");
    EXPECT_TRUE(lock.is_in_place());
    std::filesystem::rename(dir / "run", dir / "moved");
    EXPECT_FALSE(lock.is_in_place());
    const RunLock other(dir / "run");
    EXPECT_FALSE(lock.is_in_place());
    EXPECT_TRUE(other.is_in_place());
  }
  const RunLock first(dir / "run");
  std::filesystem::rename(dir / "run", dir / "gone");
  const RunLock second(dir / "run");
  { const RunLock third(dir / "third"); }
  EXPECT_TRUE(std::filesystem::exists(RunLock::file(dir / "run")));
}

// A run that came from elsewhere must not make anybody write to files of his own.
TEST(RunLock, Link_IsNotFollowed) {
  const TempDir dir;
  const auto mine = dir.write("mine", "my text");
  std::filesystem::create_directories(dir / "run");
  std::filesystem::create_symlink(mine, dir / "run/.lock");
  EXPECT_THROW(RunLock(dir / "run"), IoError);
  EXPECT_EQ(read_file(mine), "my text");
}

TEST(RunLock, GoneWithItsOwner_LeavesNothing) {
  const TempDir dir;
  for (int k = 0; k < 2; ++k) const RunLock lock(dir / "runs/story");
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  { const RunLock lock(dir / "runs/story"), other(dir / "runs/poem"); }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(RunLock, FolderThatWasUsed_Stays) {
  const TempDir dir;
  {
    const RunLock lock(dir / "runs/story");
    dir.write("runs/story/last.state", "");
  }
  EXPECT_TRUE(std::filesystem::exists(dir / "runs/story/last.state"));
  EXPECT_FALSE(std::filesystem::exists(dir / "runs/story/.lock"));
}

TEST(RunLock, KilledHolder_HoldsNobodyUp) {
  const TempDir dir;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const RunLock lock(dir.path());
    const ssize_t told = ::write(pipe[1], "x", 1);
    for (;;) ::pause();
    static_cast<void>(told);
  }
  char byte = 0;
  ASSERT_EQ(::read(pipe[0], &byte, 1), 1);
  try {
    const RunLock lock(dir.path());
    ADD_FAILURE();
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(child) + " on "));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(std::filesystem::exists(dir / ".lock"));
  EXPECT_NO_THROW(RunLock(dir.path()));
}

TEST(RunLock, FileInTheWay_IsAnIoError) {
  const TempDir dir;
  dir.write("story", "");
  EXPECT_THROW(RunLock(dir / "story"), IoError);
  EXPECT_THROW(RunLock(dir / "story/run"), IoError);
}

}  // namespace
}  // namespace fude
