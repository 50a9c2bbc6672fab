#include "data/external_sort.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/documents.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

TEST(ExternalSort, AnyMemory_GivesTheSameOrderTwice) {
  Random random(1);
  std::vector<uint64_t> expected;
  for (int i = 0; i < 10'000; ++i) expected.push_back(random.below(5'000));
  for (const size_t memory : {size_t{1}, size_t{1000}, size_t{8 * 9'999}, size_t{1} << 20}) {
    ExternalSort<uint64_t> sorted(memory, {});
    for (const uint64_t number : expected) sorted.add(number);
    sorted.sort();
    std::vector<uint64_t> ordered = expected;
    std::sort(ordered.begin(), ordered.end());
    EXPECT_EQ(numbers_of(sorted), ordered) << memory;
    sorted.rewind();
    EXPECT_EQ(numbers_of(sorted), ordered) << memory;
    EXPECT_EQ(sorted.size(), 10'000U);
    EXPECT_EQ(sorted.runs() > 0, memory < 80'000) << memory;
  }
}

TEST(ExternalSort, Nothing_IsSortedAtOnce) {
  ExternalSort<uint64_t> sorted(100, {});
  sorted.sort();
  uint64_t number = 0;
  EXPECT_FALSE(sorted.next(number));
}

TEST(TemporaryFile, BytesOfBufferAndDisk_AreReadBackAndCut) {
  TemporaryFile file;
  std::string expected;
  for (int i = 0; expected.size() < 3 * TemporaryFile::kBufferBytes; ++i) {
    const std::string line = std::to_string(i) + "\n";
    file.append(line);
    expected += line;
  }
  EXPECT_EQ(file.size(), expected.size());
  std::string all(expected.size(), '\0');
  file.read(0, all);
  EXPECT_TRUE(all == expected);
  for (const size_t size : {expected.size() - 10, TemporaryFile::kBufferBytes / 2}) {
    file.truncate(size);
    file.append("more");
    ASSERT_EQ(file.size(), size + 4);
    std::string end(6, '\0');
    file.read(size - 2, end);
    EXPECT_EQ(end, expected.substr(size - 2, 2) + "more");
  }
}

TEST(TemporaryFile, NoName_IsLeftInTheFolder) {
  const TempDir folder;
  TemporaryFile file(folder.path());
  file.append(std::string(2 * TemporaryFile::kBufferBytes, 'x'));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(TemporaryFile, FolderThatIsNotThere_IsIoErrorThatNamesIt) {
  TemporaryFile file("/no/such/folder");
  try {
    file.append(std::string(2 * TemporaryFile::kBufferBytes, 'x'));
    FAIL();
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/folder"), std::string::npos);
    EXPECT_NE(error.hint().find("TMPDIR"), std::string::npos);
  }
}

}  // namespace
}  // namespace fude
