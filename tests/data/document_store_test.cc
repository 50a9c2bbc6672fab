#include "data/document_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "data/documents.h"

namespace fude {
namespace {

std::vector<std::string> replayed(const DocumentStore& store) {
  Documents documents;
  store.replay(documents);
  return documents.all;
}

// Short ones, and one that is longer than a piece and has no newline at its pieces' ends.
std::vector<std::string> various_documents() {
  std::vector<std::string> documents;
  for (int i = 0; i < 50; ++i) documents.push_back("document " + std::to_string(i) + "\nand more");
  std::string long_line;
  while (long_line.size() < 2 * kPieceBytes + 1000) long_line += "\u732B\u304C";
  documents.insert(documents.begin() + 20, long_line + "\nend\n");
  return documents;
}

TEST(DocumentStore, Replay_GivesBackWhatWasStored) {
  DocumentStore store({});
  const auto documents = various_documents();
  feed(store, documents, 300'000);
  EXPECT_EQ(store.documents(), documents.size());
  EXPECT_TRUE(replayed(store) == documents);
  EXPECT_TRUE(replayed(store) == documents);
}

TEST(DocumentStore, DroppedDocument_WasNeverThere) {
  DocumentStore store({});
  feed(store, {"one"});
  store.text("two");
  store.drop_document();
  feed(store, {"three"});
  EXPECT_EQ(replayed(store), (std::vector<std::string>{"one", "three"}));
  EXPECT_EQ(store.bytes(), 8U);
}

TEST(DocumentStore, Removed_OthersMoveUp) {
  DocumentStore store({});
  feed(store, {"a", "b", "c", "d"});
  ExternalSort<uint64_t> numbers(100, {});
  for (const uint64_t number : {3, 0}) numbers.add(number);
  numbers.sort();
  store.remove(numbers);
  EXPECT_EQ(replayed(store), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(store.bytes(), 2U);
}

TEST(DocumentStore, Shuffled_SeedAloneDecidesTheOrder) {
  const auto documents = various_documents();
  const auto order = [&](uint64_t seed, size_t memory) {
    DocumentStore store({});
    feed(store, documents);
    store.shuffle(seed, memory);
    return replayed(store);
  };
  const auto first = order(7, 1 << 20);
  EXPECT_TRUE(first == order(7, 1));
  EXPECT_FALSE(first == order(8, 1));
  EXPECT_FALSE(first == documents);
  EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), documents.begin(), documents.end()));
}

TEST(DocumentStore, Grouped_DocumentsStayInTheirGroupsWhenShuffled) {
  DocumentStore store({});
  std::vector<std::string> documents;
  for (int i = 0; i < 60; ++i) documents.push_back(std::to_string(i % 3) + std::to_string(100 + i));
  feed(store, documents);
  size_t next = 0;
  store.group(3, [&next] { return next++ % 3; });
  std::stable_sort(documents.begin(), documents.end(), [](auto& a, auto& b) { return a[0] < b[0]; });
  EXPECT_EQ(replayed(store), documents);
  store.shuffle(1, 100, {20, 20, 20});
  std::vector<std::string> shuffled = replayed(store);
  EXPECT_NE(shuffled, documents);
  for (size_t i = 0; i < shuffled.size(); ++i) EXPECT_EQ(shuffled[i][0], documents[i][0]);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, documents);
}

TEST(DocumentStore, ThreeDocuments_ComeInEveryOrder) {
  std::set<std::vector<std::string>> orders;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    DocumentStore store({});
    feed(store, {"a", "b", "c"});
    store.shuffle(seed, 100);
    orders.insert(replayed(store));
  }
  EXPECT_EQ(orders.size(), 6U);
}

}  // namespace
}  // namespace fude
