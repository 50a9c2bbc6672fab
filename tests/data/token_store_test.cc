#include "data/token_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "data/number_store.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr size_t kHeaderSize = 64;

template <class T>
void patch(std::string& bytes, size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// A file whose checksums are right whatever the rest says.
void seal(std::string& bytes) {
  patch(bytes, 48, hash64(std::string_view(bytes).substr(kHeaderSize)));
  patch(bytes, 56, hash64(std::string_view(bytes).substr(0, 56)));
}

TEST(TokenStore, Widths_FollowTheVocabulary) {
  const TempDir folder;
  struct Case {
    int vocab_size;
    size_t width;
  };
  for (const auto& [vocab_size, width] : {Case{2, 1}, {256, 1}, {257, 2}, {65536, 2}, {65537, 4}, {INT32_MAX, 4}}) {
    SCOPED_TRACE(vocab_size);
    const std::vector<TokenId> ids = {0, vocab_size - 1, 1, vocab_size / 2, 0};
    TokenStoreWriter writer(folder / "tokens", vocab_size, "key");
    writer.append(ids);
    EXPECT_EQ(writer.size(), 5);
    writer.commit();

    const size_t token_bytes = (5 * width + 7) / 8 * 8;
    EXPECT_EQ(fs::file_size(folder / "tokens"), kHeaderSize + token_bytes + 8);
    const TokenStore store(folder / "tokens");
    EXPECT_EQ(store.vocab_size(), vocab_size);
    ASSERT_EQ(store.size(), 5);
    std::vector<TokenId> read(5);
    store.read(0, read);
    EXPECT_EQ(read, ids);
    for (size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(store[static_cast<int64_t>(i)], ids[i]);
    read.resize(2);
    store.read(3, read);
    EXPECT_THAT(read, ElementsAre(vocab_size / 2, 0));
  }
}

TEST(TokenStore, DocumentEnds_LeaveOutEmptyDocuments) {
  const TempDir folder;
  TokenStoreWriter writer(folder / "tokens", 10, "key");
  writer.end_document();
  writer.append(std::vector<TokenId>{1, 2});
  writer.append(std::vector<TokenId>{});
  writer.append(std::vector<TokenId>{3});
  writer.end_document();
  writer.end_document();
  writer.append(std::vector<TokenId>{4});
  writer.commit();
  const TokenStore store(folder / "tokens");
  EXPECT_THAT(store.document_ends(), ElementsAre(3, 4));
}

TEST(TokenStore, NoTokens_AreAStoreToo) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "tokens", 0);
  EXPECT_EQ(store.size(), 0);
  EXPECT_TRUE(store.document_ends().empty());
}

TEST(TokenStore, Moved_KeepsItsTokens) {
  const TempDir folder;
  TokenStore first = number_store(folder / "a", 300, {100});
  TokenStore second = number_store(folder / "b", 3);
  second = std::move(first);
  EXPECT_EQ(second.size(), 300);
  EXPECT_EQ(second[299], 299);
  EXPECT_THAT(second.document_ends(), ElementsAre(100, 300));
}

TEST(TokenStoreWriter, IdOutsideTheVocabulary_IsADataError) {
  const TempDir folder;
  TokenStoreWriter writer(folder / "tokens", 10, "key");
  EXPECT_THROW(writer.append(std::vector<TokenId>{3, 10}), DataError);
  EXPECT_THROW(writer.append(std::vector<TokenId>{-1}), DataError);
  EXPECT_EQ(writer.size(), 0);
}

TEST(TokenStoreWriter, WithoutCommit_LeavesNothingBehind) {
  const TempDir folder;
  {
    TokenStoreWriter writer(folder / "tokens", 10, "key");
    writer.append(std::vector<TokenId>{1, 2, 3});
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(TokenStore, AnyFlippedByte_IsAFormatError) {
  const TempDir folder;
  number_store(folder / "tokens", 21, {4, 11});
  const std::string whole = read_file(folder / "tokens");
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] ^= 0x10;
    EXPECT_THROW(TokenStore(folder.write("damaged", damaged)), FormatError) << i;
  }
}

TEST(TokenStore, AnyOtherLength_IsAFormatError) {
  const TempDir folder;
  number_store(folder / "tokens", 21, {4, 11});
  const std::string whole = read_file(folder / "tokens");
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(TokenStore(folder.write("cut", whole.substr(0, size))), FormatError) << size;
  for (const size_t more : {size_t{1}, size_t{8}, size_t{64}})
    EXPECT_THROW(TokenStore(folder.write("long", whole + std::string(more, '\0'))), FormatError) << more;
}

TEST(TokenStore, ContradictionsUnderRightChecksums_AreFormatErrors) {
  const TempDir folder;
  number_store(folder / "tokens", 16, {4});  // 64 header, 16 tokens, 2 ends
  const std::string whole = read_file(folder / "tokens");
  const auto problem = [&](const std::function<void(std::string&)>& change) -> std::string {
    std::string forged = whole;
    change(forged);
    seal(forged);
    try {
      const TokenStore store(folder.write("forged", forged));
    } catch (const FormatError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problem([](std::string&) {}), "");
  EXPECT_THAT(problem([](std::string& file) { file[0] = 'X'; }), HasSubstr("not a token store"));
  EXPECT_THAT(problem([](std::string& file) { patch<uint32_t>(file, 8, 2); }), HasSubstr("version 2, expected 1"));
  EXPECT_THAT(problem([](std::string& file) { patch<uint32_t>(file, 12, 0); }), HasSubstr("0 bytes a token"));
  EXPECT_THAT(problem([](std::string& file) { patch<uint32_t>(file, 12, 2); }), HasSubstr("2 bytes a token"));
  EXPECT_THAT(problem([](std::string& file) { patch<uint64_t>(file, 16, UINT64_MAX); }), HasSubstr("bytes a token"));
  EXPECT_THAT(problem([](std::string& file) { patch<uint64_t>(file, 16, 15); }), HasSubstr("outside the vocabulary"));
  for (const uint64_t count : {uint64_t{8}, uint64_t{17}, uint64_t{1} << 61, UINT64_MAX})
    EXPECT_THAT(problem([&](std::string& file) { patch(file, 24, count); }), HasSubstr("damaged")) << count;
  for (const uint64_t documents : {uint64_t{0}, uint64_t{1}, uint64_t{3}, uint64_t{1} << 61, UINT64_MAX})
    EXPECT_THAT(problem([&](std::string& file) { patch(file, 32, documents); }), HasSubstr("do not hold")) << documents;
  for (const uint64_t end : {uint64_t{0}, uint64_t{16}, uint64_t{17}})
    EXPECT_THAT(problem([&](std::string& file) { patch(file, 80, end); }), HasSubstr("document ends")) << end;
  EXPECT_THAT(problem([](std::string& file) { patch<uint64_t>(file, 88, 15); }), HasSubstr("document ends"));
}

TEST(TokenStore, MissingFile_IsAnIoError) {
  const TempDir folder;
  EXPECT_THROW(TokenStore(folder / "missing"), IoError);
}

TEST(OpenIfFresh, SameKey_GivesTheStore) {
  const TempDir folder;
  number_store(folder / "tokens", 5);
  std::string why = "untouched";
  const auto store = TokenStore::open_if_fresh(folder / "tokens", "numbers", &why);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(store->size(), 5);
  EXPECT_EQ(why, "untouched");
}

TEST(OpenIfFresh, StaleDamagedOrMissing_SaysWhy) {
  const TempDir folder;
  number_store(folder / "tokens", 5);
  std::string why;
  EXPECT_FALSE(TokenStore::open_if_fresh(folder / "tokens", "other", &why).has_value());
  EXPECT_THAT(why, HasSubstr("made from another text"));
  EXPECT_FALSE(TokenStore::open_if_fresh(folder / "missing", "numbers", &why).has_value());
  EXPECT_THAT(why, HasSubstr("No such file"));
  folder.write("tokens", "no tokens at all");
  EXPECT_FALSE(TokenStore::open_if_fresh(folder / "tokens", "numbers", &why).has_value());
  EXPECT_THAT(why, HasSubstr("not a token store"));
  EXPECT_FALSE(TokenStore::open_if_fresh(folder / "tokens", "numbers").has_value());
}

}  // namespace
}  // namespace fude
