// Tokens on disk: written once, then memory-mapped; one to four bytes a token by vocabulary size.
//
// Layout (little-endian): a 64-byte header, `count` tokens (u8 when the vocabulary has at most 256 entries, u16 up to
// 65536, else u32), padding to 8, `documents` u64 end positions (exclusive, strictly ascending; the last is `count`).
// The header:
//
//    0  char[8]  "FUDETOKS"
//    8  u32      version, 1
//   12  u32      bytes a token: 1, 2 or 4
//   16  u64      vocabulary size
//   24  u64      count
//   32  u64      documents
//   40  u64      key: XXH3-64 of the text that names what the tokens were made from; another key means stale
//   48  u64      XXH3-64 of everything after the header
//   56  u64      XXH3-64 of the 56 bytes before
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/hash.h"
#include "base/temporary_file.h"
#include "fude/text/tokenizer.h"

namespace fude {

class TokenStoreWriter {
 public:
  TokenStoreWriter(std::filesystem::path path, int vocab_size, std::string_view key);
  // DataError for an id outside the vocabulary.
  void append(std::span<const TokenId> ids);
  // Does nothing when no token has come since the last end.
  void end_document();
  // Ends the last document, writes header and document table and puts the file in place.
  void commit();

  int64_t size() const { return count_; }

 private:
  // Document ends that are not in memory any more.
  void put_ends_aside();

  AtomicFile file_;
  Hasher checksum_;
  std::vector<uint64_t> document_ends_;
  std::unique_ptr<TemporaryFile> earlier_ends_;
  uint64_t last_end_ = 0;
  std::vector<std::byte> packed_;
  uint64_t key_;
  int64_t count_ = 0;
  int vocab_size_;
  int width_;
};

class TokenStore {
 public:
  // Total: FormatError for anything that is not a whole, unchanged token store. However large it is, little of it stays
  // in memory: what was read goes again.
  explicit TokenStore(const std::filesystem::path& path);
  // nullopt when the file is missing, damaged or made from something else (the caller writes it anew); `why` says
  // which.
  static std::optional<TokenStore> open_if_fresh(const std::filesystem::path& path, std::string_view key,
                                                 std::string* why = nullptr);

  int64_t size() const { return count_; }
  int vocab_size() const { return vocab_size_; }
  TokenId operator[](int64_t position) const;
  // Copies tokens [begin, begin + out.size()), all of them inside the store. FormatError when somebody has changed the
  // file since it was opened and they are no longer of the vocabulary.
  void read(int64_t begin, std::span<TokenId> out) const;
  // End positions of documents, strictly ascending; the last equals size().
  std::span<const uint64_t> document_ends() const { return document_ends_; }

 private:
  void check_body(uint64_t table_at, uint64_t checksum, const std::filesystem::path& path) const;
  // Counts what a read has brought into memory, and lets go of it when that is much.
  void note_read(int64_t tokens) const;

  MappedFile file_;
  mutable int64_t read_bytes_ = 0;
  const std::byte* tokens_ = nullptr;
  std::span<const uint64_t> document_ends_;
  uint64_t key_ = 0;
  int64_t count_ = 0;
  int vocab_size_ = 0;
  int width_ = 0;
};

}  // namespace fude
