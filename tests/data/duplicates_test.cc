#include <gtest/gtest.h>

#include "data/documents.h"
#include "data/duplicate_stages.h"

namespace fude {
namespace {

using Numbers = std::vector<uint64_t>;
using Texts = std::vector<std::string>;

TEST(DuplicateFinder, AnyMemory_FindsAllButTheFirst) {
  for (const size_t memory : {size_t{1} << 20, size_t{64}}) {
    DuplicateFinder finder(memory, {});
    Numbers expected;
    for (uint64_t i = 0; i < 3'000; ++i) {
      const uint64_t text = i % 7 == 3 ? 5 : i;
      if (text == 5 && i > 3) expected.push_back(i);
      finder.add(hash128("text " + std::to_string(text)));
    }
    EXPECT_EQ(numbers_of(finder.find()), expected) << memory;
    EXPECT_EQ(finder.runs() > 0, memory == 64);
  }
}

TEST(DuplicateFinder, SkippedItems_CountButDoNotRepeat) {
  DuplicateFinder finder(1000, {});
  const Hash128 key = hash128("a");
  finder.add(key);
  finder.skip();
  finder.skip();
  finder.add(key);
  EXPECT_EQ(numbers_of(finder.find()), Numbers{3});
}

TEST(DocumentKeys, SameTextInOtherPieces_IsTheSameDocument) {
  DuplicateFinder finder(1000, {});
  DocumentKeys keys(finder);
  feed(keys, {"one two", "one"});
  feed(keys, {"one two", "two"}, 2);
  EXPECT_EQ(numbers_of(finder.find()), Numbers{2});
}

Texts without_repeated_lines(const Texts& documents, size_t memory, size_t characters, int64_t& dropped,
                             int64_t& emptied) {
  DuplicateFinder finder(memory, {});
  LineKeys keys(finder);
  feed(keys, documents, characters);
  Documents left;
  LineDropper dropper(finder.find(), left);
  feed(dropper, documents, characters);
  dropped = dropper.dropped();
  emptied = dropper.emptied_documents();
  return left.all;
}

TEST(LineDropper, RepeatedLines_GoAndEmptyOnesStay) {
  for (const size_t memory : {size_t{1} << 20, size_t{1}}) {
    for (const size_t characters : {0, 1, 3}) {
      int64_t dropped = 0;
      int64_t emptied = 0;
      EXPECT_EQ(without_repeated_lines({"one\n\ntwo\none\n", "two\n\none", "three\n\ntwo"}, memory, characters, dropped,
                                       emptied),
                (Texts{"one\n\ntwo\n", "three\n\n"}));
      EXPECT_EQ(dropped, 4);
      EXPECT_EQ(emptied, 1);
    }
  }
}

}  // namespace
}  // namespace fude
