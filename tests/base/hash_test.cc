#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace fude {
namespace {

TEST(Hash, EmptyInput_GivesThePublishedValues) {
  EXPECT_EQ(hash64(std::string_view()), 0x2D06800538D394C2u);
  EXPECT_EQ(hash_hex(""), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, BytesAndText_Agree) {
  const std::string text = "the quick brown fox";
  EXPECT_EQ(hash64(std::as_bytes(std::span(text))), hash64(text));
}

TEST(Hash, OneFlippedBit_ChangesTheValue) {
  std::string text(300, 'x');
  std::set<uint64_t> values = {hash64(text)};
  for (char& c : text) {
    c ^= 1;
    values.insert(hash64(text));
    c ^= 1;
  }
  EXPECT_EQ(values.size(), text.size() + 1);
}

TEST(Hasher, Pieces_GiveTheValueOfTheWhole) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i);
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{256}, size_t{1000}, text.size()}) {
    Hasher hasher;
    for (size_t at = 0; at < text.size(); at += piece) hasher.update(std::string_view(text).substr(at, piece));
    EXPECT_EQ(hasher.value64(), hash64(text)) << piece;
    EXPECT_EQ(hasher.hex(), hash_hex(text)) << piece;
  }
}

TEST(Hasher, Nothing_GivesTheValueOfEmptyText) {
  Hasher hasher;
  hasher.update(std::string_view());
  EXPECT_EQ(hasher.value64(), hash64(std::string_view()));
  EXPECT_EQ(hasher.hex(), hash_hex(""));
}

TEST(Hasher, Moved_GoesOn) {
  Hasher first;
  first.update("one ");
  Hasher second = std::move(first);
  second.update("two");
  EXPECT_EQ(second.value64(), hash64("one two"));
}

TEST(Hash128, PiecesAndWhole_AreEqualAndResetBeginsAnew) {
  Hasher hasher;
  hasher.update("something else");
  hasher.reset();
  hasher.update("one ");
  hasher.update("two");
  EXPECT_EQ(hasher.value128(), hash128("one two"));
  EXPECT_NE(hash128("one two"), hash128("one twp"));
}

}  // namespace
}  // namespace fude
