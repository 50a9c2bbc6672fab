#include "base/temporary_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "support/temp_dir.h"

namespace fude {
namespace {

// TMPDIR is another folder while one lives.
class OtherTmpdir {
 public:
  explicit OtherTmpdir(const std::string& folder) {
    if (const char* before = ::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  ~OtherTmpdir() { before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1); }

 private:
  std::string before_;
};

TEST(TemporaryFile, WhatWasWritten_IsReadFromAnyPlace) {
  TemporaryFile file;
  const std::string large(TemporaryFile::kBufferBytes, 'x');
  file.append("one ");
  EXPECT_EQ(file.size(), 4u);
  file.append(large);  // both are in the file now
  file.append("two");
  EXPECT_EQ(file.size(), large.size() + 7);
  std::string bytes(5, '\0');
  file.read(0, bytes);
  EXPECT_EQ(bytes, "one x");
  file.read(large.size() + 2, bytes);  // across what is still in memory
  EXPECT_EQ(bytes, "xxtwo");
  file.truncate(3);
  file.append("!");
  bytes.resize(4);
  file.read(0, bytes);
  EXPECT_EQ(bytes, "one!");
  EXPECT_EQ(file.size(), 4u);
}

TEST(TemporaryFile, Folder_IsTmpdirAndStaysEmpty) {
  const TempDir folder;
  const OtherTmpdir tmpdir(folder.path().string());
  TemporaryFile file;
  file.append(std::string(2 * TemporaryFile::kBufferBytes, 'x'));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(TemporaryFile, MissingFolder_FallsBackToTmp) {
  const TempDir folder;
  const OtherTmpdir tmpdir((folder / "missing").string());
  TemporaryFile file;  // std::filesystem refuses the folder: /tmp it is
  file.append(std::string(2 * TemporaryFile::kBufferBytes, 'x'));
  EXPECT_EQ(file.size(), 2 * TemporaryFile::kBufferBytes);
}

}  // namespace
}  // namespace fude
