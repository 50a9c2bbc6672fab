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
  file.write("one ");
  file.write("two");
  EXPECT_EQ(file.size(), 7);
  std::string bytes(10, '\0');
  EXPECT_EQ(file.read_at(0, bytes), 7u);
  EXPECT_EQ(bytes.substr(0, 7), "one two");
  EXPECT_EQ(file.read_at(5, bytes), 2u);
  EXPECT_EQ(bytes.substr(0, 2), "wo");
  EXPECT_EQ(file.read_at(7, bytes), 0u);
}

TEST(TemporaryFile, Folder_IsTmpdirAndStaysEmpty) {
  const TempDir folder;
  const OtherTmpdir tmpdir(folder.path().string());
  TemporaryFile file;
  file.write("text");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(TemporaryFile, MissingFolder_FallsBackToTmp) {
  const TempDir folder;
  const OtherTmpdir tmpdir((folder / "missing").string());
  TemporaryFile file;  // std::filesystem refuses the folder: /tmp it is
  file.write("text");
  EXPECT_EQ(file.size(), 4);
}

}  // namespace
}  // namespace fude
