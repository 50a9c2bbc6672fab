#include "data/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "base/memory.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

using ::testing::HasSubstr;

std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string read_all(ByteSource& source, size_t step = 1000) {
  std::string all, buffer(step, '\0');
  while (const size_t size = source.read(buffer)) all.append(buffer, 0, size);
  return all;
}

std::string unpacked(const TempDir& folder, std::string_view bytes, std::string* compression = nullptr) {
  const std::string file = folder.write("packed", bytes).string();
  return read_all(*unpack(open_file(file), "packed", compression));
}

std::string error_of(const TempDir& folder, std::string_view bytes) {
  try {
    unpacked(folder, bytes);
  } catch (const DataError& error) {
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "no error";
}

std::string long_text() {
  std::string text;
  for (int k = 0; k < 40000; ++k) text += "line " + std::to_string(k * 7919) + "\n";
  return text;
}

TEST(Unpack, WindowThatTakesTooMuchMemory_IsNoDamage) {
  const TempDir folder;
  const std::string two_gibibytes("\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00", 9);
  EXPECT_EQ(error_of(folder, two_gibibytes), "packed: unpacking this zstd archive takes more than 128 MiB");
}

TEST(Unpack, Archives_GiveWhatWasPacked) {
  const TempDir folder;
  const std::string text = long_text();
  std::string compression;
  EXPECT_TRUE(unpacked(folder, gzip(text), &compression) == text);
  EXPECT_EQ(compression, "gzip");
  EXPECT_TRUE(unpacked(folder, zstd(text), &compression) == text);
  EXPECT_EQ(compression, "zstd");
  EXPECT_TRUE(unpacked(folder, text, &compression) == text);
  EXPECT_EQ(compression, "");
  EXPECT_EQ(unpacked(folder, ""), "");
  EXPECT_EQ(unpacked(folder, gzip("")), "");
  EXPECT_EQ(unpacked(folder, zstd("")), "");
}

TEST(Unpack, ArchivesOneAfterTheOther_AreOneText) {
  const TempDir folder;
  EXPECT_EQ(unpacked(folder, gzip("one ") + gzip("two")), "one two");
  EXPECT_EQ(unpacked(folder, zstd("one ") + zstd("two")), "one two");
  EXPECT_EQ(unpacked(folder, gzip("one") + std::string(512, '\0')), "one");
  EXPECT_EQ(unpacked(folder, std::string("\x50\x2A\x4D\x18\x02\0\0\0xx", 10) + zstd("two")), "two");
}

TEST(Unpack, ZstdFrameThatGivesLessThanItSays_IsDamaged) {
  // Of 1,099 bytes, and its only block is empty.
  const std::string frame("\x28\xB5\x2F\xFD\x50\x7E\x4B\x03\x01\0\0", 11);
  for (const size_t portion : {1, 49, 2000}) {
    const auto source = unpack(std::make_unique<MemorySource>(frame), "archive");
    std::string out(portion, '\0');
    EXPECT_THROW(source->read(out), DataError) << portion;
  }
}

TEST(Unpack, ArchiveOfMuch_TakesLittleMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer takes memory of its own";
#endif
  const TempDir folder;
  const std::string member = std::string(1'000'000, 'a');
  for (const std::string& packed : {gzip(member), zstd(member)}) {
    std::string archive;
    for (int k = 0; k < 200; ++k) archive += packed;
    const std::string file = folder.write("bomb", archive).string();
    const auto source = unpack(open_file(file), "bomb");
    const int64_t before = resident_bytes();
    std::string buffer(100'000, '\0');
    int64_t bytes = 0, most = 0;
    while (const size_t size = source->read(buffer)) {
      bytes += static_cast<int64_t>(size);
      most = std::max(most, resident_bytes());
    }
    EXPECT_EQ(bytes, 200'000'000);
    EXPECT_LT(most - before, int64_t{10} << 20);
  }
}

TEST(Unpack, ZerosBetweenGzipMembers_LoseNoneOfThem) {
  const TempDir folder;
  for (const size_t zeros : {size_t{1}, size_t{512}, size_t{300'000}}) {
    const std::string padding(zeros, '\0'), file = (folder / "packed").string();
    folder.write("packed", gzip("one ") + padding + gzip("two") + padding);
    EXPECT_EQ(read_all(*unpack(open_file(file), file)), "one two") << zeros;
    EXPECT_THAT(error_of(folder, gzip("one") + padding + "garbage"), HasSubstr("the gzip archive is damaged")) << zeros;
  }
}

TEST(Unpack, CutAnywhere_IsAnErrorThatSaysSo) {
  const TempDir folder;
  for (const std::string& whole : {gzip(long_text()), zstd(long_text())}) {
    for (const size_t size : {size_t{9}, size_t{20}, whole.size() / 2, whole.size() - 1})
      EXPECT_THAT(error_of(folder, whole.substr(0, size)), HasSubstr("archive is cut short")) << size;
  }
}

TEST(Unpack, DamagedArchive_IsAnErrorThatSaysSo) {
  const TempDir folder;
  for (std::string whole : {gzip(long_text()), zstd(long_text())}) {
    for (size_t at = whole.size() / 2; at < whole.size() / 2 + 40; ++at) whole[at] = '\x55';
    EXPECT_THAT(error_of(folder, whole), HasSubstr("archive is "));
  }
  EXPECT_THAT(error_of(folder, gzip("one") + "garbage"), HasSubstr("packed: the gzip archive is damaged"));
}

TEST(Unpack, OtherArchives_AreNamed) {
  const TempDir folder;
  EXPECT_THAT(error_of(folder, "PK\x03\x04rest"), HasSubstr("a zip archive"));
  EXPECT_THAT(error_of(folder, std::string("\xFD"
                                           "7zXZ\0rest",
                                           10)),
              HasSubstr("a xz archive"));
}

TEST(Spool, WhatIsTooLarge_GoesToAFileAndIsReadAgain) {
  const TempDir folder;
  const std::string text = long_text();
  const std::string file = folder.write("a", text).string();
  for (const size_t limit : {size_t{0}, size_t{1000}, text.size() - 1, text.size()}) {
    const Spool spool(*open_file(file), {}, limit);
    EXPECT_EQ(spool.in_memory(), limit == text.size());
    EXPECT_TRUE(read_all(*spool.open()) == text);
    EXPECT_TRUE(read_all(*spool.open(), 77777) == text);
  }
}

TEST(OpenFile, DeviceWithoutEnd_IsAnIoError) {
  EXPECT_THROW(open_file("/dev/zero"), IoError);
  EXPECT_NO_THROW(open_file("/dev/null"));
}

TEST(OpenFile, WhatCannotBeRead_IsAnIoError) {
  const TempDir folder;
  EXPECT_THROW(open_file((folder / "missing").string()), IoError);
  EXPECT_THROW(open_file(folder.path().string()), IoError);
}

}  // namespace
}  // namespace fude
