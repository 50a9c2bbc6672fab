#include "base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

size_t files_in(const TempDir& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

// Lets no file of this process grow beyond `bytes`: writing more fails as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(MappedFile, Content_IsTheFilesBytes) {
  const TempDir folder;
  const MappedFile file(folder.write("a.txt", std::string("a\0b\n", 4)));
  EXPECT_EQ(file.text(), std::string_view("a\0b\n", 4));
  EXPECT_EQ(file.bytes().size(), 4u);
}

TEST(MappedFile, Released_ComesBackWhenRead) {
  const TempDir folder;
  const MappedFile file(folder.write("a.txt", "text"));
  file.release();
  EXPECT_EQ(file.text(), "text");
}

TEST(MappedFile, EmptyFile_GivesAnEmptySpan) {
  const TempDir folder;
  const MappedFile file(folder.write("empty", ""));
  EXPECT_TRUE(file.bytes().empty());
  EXPECT_TRUE(file.text().empty());
}

TEST(MappedFile, Pipe_IsRefusedRatherThanWaitedFor) {
  const TempDir folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(MappedFile(folder / "pipe"), IoError);
}

TEST(MappedFile, Moved_KeepsTheMapping) {
  const TempDir folder;
  MappedFile first(folder.write("a", "one"));
  MappedFile second(folder.write("b", "two"));
  second = std::move(first);
  EXPECT_EQ(second.text(), "one");
  const MappedFile third(std::move(second));
  EXPECT_EQ(third.text(), "one");
}

TEST(MappedFile, WhatCannotBeMapped_IsAnIoError) {
  const TempDir folder;
  EXPECT_THROW(MappedFile(folder / "missing"), IoError);
  EXPECT_THROW(MappedFile(folder.path()), IoError);
  EXPECT_THROW(MappedFile("/dev/null"), IoError);
}

TEST(ReadFile, LargeFile_IsWhole) {
  const TempDir folder;
  std::string content(3 * 1024 * 1024 + 17, 'x');
  content.back() = 'y';
  EXPECT_EQ(read_file(folder.write("large", content)), content);
}

TEST(ReadFile, Pipe_IsReadToItsEnd) {
  const TempDir folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { write_file(pipe, std::string(200000, 'p')); });
  EXPECT_EQ(read_file(pipe), std::string(200000, 'p'));
  writer.join();
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(AtomicFile, LinkToAPipeWithoutAName_IsWrittenThrough) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  write_file("/proc/self/fd/" + std::to_string(ends[1]), "through");
  char read[8];
  EXPECT_EQ(::read(ends[0], read, sizeof read), 7);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(ReadFile, MissingFileOrFolder_IsAnIoErrorThatNamesIt) {
  const TempDir folder;
  try {
    read_file(folder / "missing.txt");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("missing.txt: No such file"));
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_THROW(read_file(folder.path()), IoError);
  EXPECT_THROW(read_file("/dev/zero"), IoError);
  EXPECT_EQ(read_file("/dev/null"), "");
}

TEST(AtomicFile, Commit_ReplacesTheFile) {
  const TempDir folder;
  const fs::path path = folder.write("a", "old and longer");
  AtomicFile file(path);
  file.write("ne");
  file.write(bytes_of('w'));
  EXPECT_EQ(read_file(path), "old and longer");
  file.commit();
  EXPECT_EQ(read_file(path), "new");
  EXPECT_EQ(files_in(folder), 1u);
}

TEST(AtomicFile, WithoutCommit_LeavesNothingBehind) {
  const TempDir folder;
  const fs::path path = folder.write("a", "old");
  {
    AtomicFile file(path);
    file.write(std::string(3000000, 'n'));
  }
  { AtomicFile file(folder / "new"); }
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(files_in(folder), 1u);
}

TEST(AtomicFile, UntilCommit_TheFolderShowsNothingNew) {
  const TempDir folder;
  const int nameless = ::open(folder.path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (nameless < 0) GTEST_SKIP() << "this file system has no files without a name";
  ::close(nameless);
  folder.write("a.txt", "old");
  AtomicFile file(folder / "a.txt");
  file.write(std::string(size_t{3} << 20, 'x'));
  EXPECT_EQ(files_in(folder), 1u);
  EXPECT_EQ(read_file(folder / "a.txt"), "old");
  file.commit();
  EXPECT_EQ(read_file(folder / "a.txt").size(), size_t{3} << 20);
  EXPECT_EQ(files_in(folder), 1u);
}

TEST(AtomicFile, FailingWrite_KeepsTheOldFile) {
  const TempDir folder;
  const fs::path path = folder.write("a", "old");
  {
    const FileSizeLimit limit(4096);
    EXPECT_THROW(write_file(path, std::string(5000, 'n')), IoError);     // fails when committed
    EXPECT_THROW(write_file(path, std::string(5000000, 'n')), IoError);  // fails at once
  }
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(files_in(folder), 1u);
}

TEST(AtomicFile, SmallAndLargeWrites_KeepTheirOrder) {
  const TempDir folder;
  std::string expected;
  AtomicFile file(folder / "a");
  for (const size_t size : {size_t{3}, size_t{2000000}, size_t{5}, size_t{1} << 20, size_t{900000}, size_t{900000}}) {
    const std::string part(size, static_cast<char>('a' + expected.size() % 26));
    file.write(part);
    expected += part;
  }
  file.commit();
  EXPECT_EQ(read_file(folder / "a"), expected);
}

TEST(AtomicFile, WriteAt_OverwritesAndDoesNotMoveTheEnd) {
  const TempDir folder;
  AtomicFile file(folder / "a");
  file.write("....-body");
  const std::string header = "head";
  file.write_at(0, std::as_bytes(std::span(header)));
  file.write("-tail");
  file.commit();
  EXPECT_EQ(read_file(folder / "a"), "head-body-tail");
}

TEST(AtomicFile, CommitWithPredecessor_KeepsWhatWasReplaced) {
  const TempDir folder;
  const auto write = [&](std::string_view text) {
    AtomicFile file(folder / "now");
    file.write(text);
    file.commit(folder / "before");
  };
  write("1");
  EXPECT_FALSE(fs::exists(folder / "before"));
  write("2");
  write("3");
  EXPECT_EQ(read_file(folder / "now"), "3");
  EXPECT_EQ(read_file(folder / "before"), "2");
  EXPECT_EQ(files_in(folder), 2U);
}

TEST(RenameFile, Another_IsReplacedAndAMissingOneIsAnIoError) {
  const TempDir folder;
  folder.write("old", "old");
  folder.write("new", "new");
  rename_file(folder / "new", folder / "old");
  EXPECT_EQ(read_file(folder / "old"), "new");
  EXPECT_THROW(rename_file(folder / "new", folder / "old"), IoError);
}

TEST(FreeBytes, OfAFolder_AreKnown) {
  EXPECT_GT(free_bytes(TempDir().path()).value_or(1), 0);
  EXPECT_FALSE(free_bytes("/nowhere"));
}

TEST(AtomicFile, FullDevice_IsAnIoErrorWithAHint) {
  try {
    write_file("/dev/full", "text");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/dev/full: No space left"));
    EXPECT_THAT(error.hint(), HasSubstr("disk space"));
  }
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

// What was replaced by nothing is still there, under its name.
TEST(AtomicFile, CommitThatFailsBehindThePredecessor_LeavesTheFile) {
  const TempDir folder;
  folder.write("now", "1");
  fs::create_directories(folder / "before/in the way");
  AtomicFile file(folder / "now");
  file.write("2");
  EXPECT_THROW(file.commit(folder / "before"), IoError);
  EXPECT_EQ(read_file(folder / "now"), "1");
}

TEST(AtomicFile, NameAsLongAsNamesMayBe_IsWritten) {
  const TempDir folder;
  const fs::path path = folder / std::string(255, 'n');
  write_file(path, "text");
  EXPECT_EQ(read_file(path), "text");
}

TEST(AtomicFile, Device_IsWrittenInPlace) {
  write_file("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(AtomicFile, Link_IsWrittenThrough) {
  const TempDir folder;
  const fs::path target = folder.write("target", "old");
  fs::create_symlink("target", folder / "link");
  write_file(folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(target), "new");
  fs::create_symlink("link to come", folder / "chain");
  fs::create_symlink("not there yet", folder / "link to come");
  write_file(folder / "chain", "first");
  EXPECT_TRUE(fs::is_symlink(folder / "link to come"));
  EXPECT_EQ(read_file(folder / "not there yet"), "first");
}

TEST(AtomicFile, Permissions_AreKeptAndNewOnesFollowTheUmask) {
  const TempDir folder;
  const fs::path path = folder.write("secret", "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  write_file(path, "new");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);

  const mode_t before = ::umask(027);
  write_file(folder / "fresh", "text");
  ::umask(before);
  EXPECT_EQ(fs::status(folder / "fresh").permissions(), static_cast<fs::perms>(0640));
}

TEST(AtomicFile, MissingFolder_IsAnIoErrorWithAHint) {
  const TempDir folder;
  try {
    write_file(folder / "no" / "such" / "file", "text");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot write"));
    EXPECT_THAT(error.hint(), HasSubstr("folder"));
  }
}

TEST(AtomicFile, Folder_IsRefused) {
  const TempDir folder;
  EXPECT_THROW(write_file(folder.path(), "text"), IoError);
  EXPECT_TRUE(fs::is_directory(folder.path()));
}

TEST(AppendFile, Bytes_TakeThePlaceOfWhatLiesBehindTheSize) {
  const TempDir dir;
  const auto path = dir / "log";
  append_file(path, 0, "one\n");
  append_file(path, 4, "two\nhalf a li");
  append_file(path, 8, "three\n");
  EXPECT_EQ(read_file(path), "one\ntwo\nthree\n");
  append_file(path, 4, "");
  EXPECT_EQ(read_file(path), "one\n");
  append_file(path, 1000, "no hole\n");
  EXPECT_EQ(read_file(path), "one\nno hole\n");
  EXPECT_THROW(append_file(dir / "missing/log", 0, "x"), IoError);
}

// A kill between the two renames leaves them so.
TEST(AtomicFile, PredecessorThatIsTheSameFile_LeavesNothingBehind) {
  const TempDir folder;
  const auto path = folder.write("last", "one");
  std::filesystem::create_hard_link(path, folder / "previous");
  AtomicFile file(path);
  file.write("two");
  file.commit(folder / "previous");
  EXPECT_EQ(read_file(path), "two");
  EXPECT_EQ(read_file(folder / "previous"), "one");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

}  // namespace
}  // namespace fude
