// Bytes from where a person keeps text: files, standard input, pipes, and what gzip and zstd made of them. Chunk by
// chunk, however large the whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/temporary_file.h"

namespace fude {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills `out`; fewer bytes only at the end, where 0 come. IoError when reading fails, DataError for an archive that
  // is damaged or cut short.
  virtual size_t read(std::span<char> out) = 0;
};

// Bytes in memory, which must outlive it.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  size_t read(std::span<char> out) override {
    const size_t size = bytes_.copy(out.data(), out.size());
    bytes_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view bytes_;
};

// IoError when there is no such file, or it is a folder.
std::unique_ptr<ByteSource> open_file(const std::string& path);

// What can be read only once, kept to be read again: in memory, or, where it is larger than `limit`, in a temporary
// file in `folder` (empty: the system's own).
class Spool {
 public:
  static constexpr size_t kLimit = size_t{64} << 20;

  // Reads `source` to its end.
  explicit Spool(ByteSource& source, std::filesystem::path folder = {}, size_t limit = kLimit);
  // The Spool must outlive what it gives.
  std::unique_ptr<ByteSource> open() const;
  bool in_memory() const { return file_ == nullptr; }

 private:
  std::string memory_;
  std::unique_ptr<TemporaryFile> file_;
};

// What of standard input a program that begins now may read: a regular file can be read again and needs no Spool.
bool stdin_is_regular_file();
std::unique_ptr<ByteSource> open_stdin();

// Unpacks gzip (members one after the other, too) and zstd, known by their first bytes; the rest comes as it is.
// `name` begins errors. `compression`, when given, is set to gzip, zstd or nothing.
std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> packed, const std::string& name,
                                   std::string* compression = nullptr);

// The two kinds, each in a file of its own.
bool is_gzip(std::string_view start);
std::unique_ptr<ByteSource> unpack_gzip(std::unique_ptr<ByteSource> packed, std::string name);
bool is_zstd(std::string_view start);
std::unique_ptr<ByteSource> unpack_zstd(std::unique_ptr<ByteSource> packed, std::string name);

// The archive's bytes as a decompressor takes them.
class PackedInput {
 public:
  explicit PackedInput(std::unique_ptr<ByteSource> source) : source_(std::move(source)), buffer_(kSize, '\0') {}
  // The next bytes, empty at the end.
  std::string_view next() { return std::string_view(buffer_).substr(0, source_->read(buffer_)); }

 private:
  static constexpr size_t kSize = size_t{1} << 17;
  std::unique_ptr<ByteSource> source_;
  std::string buffer_;
};

}  // namespace fude
