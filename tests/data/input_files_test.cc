#include "data/input_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "fude/base/error.h"
#include "fude/data/corpus.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> told_of(const std::vector<std::string>& inputs) {
  CorpusOptions options;
  options.inputs = inputs;
  return describe_sources(Corpus(options).info());
}

TEST(InputFiles, WhatAFolderHoldsBesideText_IsTold) {
  const TempDir folder;
  for (const char* name : {"a.log", "b.ndjson", "c.json", "d.JSON.gz", "e.png", "Makefile", "f.txt"})
    folder.write(name, "\"x\"\n");
  EXPECT_EQ(told_of({folder.path().string()}).back(), "4 left out of the folders: .json (2), no ending, .png");
}

TEST(InputFiles, HiddenFilesLinksAndRuns_AreCounted) {
  const TempDir folder, other;
  folder.write("a.txt", "a");
  folder.write(".b.txt", "b");
  folder.write(".git/c.txt", "c");
  folder.write("run/last.state", "");
  other.write("d.txt", "d");
  fs::create_symlink("nowhere", folder / "broken.txt");
  fs::create_symlink(other.path(), folder / "there");
  EXPECT_THAT(told_of({folder.path().string()}),
              ElementsAre("5 left out of the folders: hidden (2), links to folders, links to nothing, training runs"));
}

TEST(InputFiles, FilesFoundAgain_AreCounted) {
  const TempDir folder;
  const std::string file = folder.write("a.txt", "a").string();
  fs::create_symlink("a.txt", folder / "link.txt");
  EXPECT_THAT(told_of({file, file}), ElementsAre("1 file named or found again, and read once"));
  EXPECT_THAT(told_of({file, folder.path().string()}), ElementsAre("2 files named or found again, and read once"));
}

TEST(InputFiles, RunWithoutAState_IsKnownByItsCache) {
  const TempDir folder;
  folder.write("run/cache/sources.jsonl", "{}");
  EXPECT_THROW(find_input_files({(folder / "run").string()}), IoError);
}

TEST(InputFiles, FolderOfARunThatIsNamed_IsRefused) {
  const TempDir folder;
  folder.write("a.txt", "a");
  folder.write("run/last.state", "");
  const std::string samples = folder.write("run/samples.txt", "sample").string(), run = (folder / "run").string();
  try {
    find_input_files({run});
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("run is the folder of a training run, not of text"));
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_THAT(find_input_files({samples}).files, ElementsAre(samples));
  EXPECT_THAT(find_input_files({(folder / "*").string()}).files, ElementsAre((folder / "a.txt").string()));
}

}  // namespace
}  // namespace fude
