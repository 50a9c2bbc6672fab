// Tokens on disk: written once, then memory-mapped; one to four bytes a token by vocabulary size.
//
// Layout (little-endian): a 64-byte header, `count` tokens (u8 when the vocabulary has at most 256 entries, u16 up to 65536,
// else u32), padding to 8, `documents` u64 end positions (exclusive, ascending). Checksum: XXH3-64 over everything after
// the header. The key names what the tokens were made from (corpus digest, tokenizer fingerprint, part): another key means stale.
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
#include "fude/text/tokenizer.h"

namespace fude {

class TokenStoreWriter {
 public:
  TokenStoreWriter(std::filesystem::path path, int vocab_size, std::string_view key);
  void append(std::span<const TokenId> ids);
  void end_document();
  // Writes header and document table and puts the file in place.
  void commit();

  int64_t size() const { return count_; }

 private:
  AtomicFile file_;
  Hasher checksum_;
  std::vector<uint64_t> document_ends_;
  std::string buffer_;
  uint64_t key_;
  int64_t count_ = 0;
  int vocab_size_;
  int width_;
};

class TokenStore {
 public:
  // Total: FormatError for anything that is not a whole, unchanged token store.
  explicit TokenStore(const std::filesystem::path& path);
  // nullopt when the file is missing, damaged or made from something else (the caller writes it anew); `why` says which.
  static std::optional<TokenStore> open_if_fresh(const std::filesystem::path& path, std::string_view key,
                                                 std::string* why = nullptr);

  int64_t size() const { return count_; }
  int vocab_size() const { return vocab_size_; }
  TokenId operator[](int64_t position) const;
  // Copies tokens [begin, begin + out.size()).
  void read(int64_t begin, std::span<TokenId> out) const;
  // End positions of documents, ascending; the last equals size().
  std::span<const uint64_t> document_ends() const { return document_ends_; }

 private:
  MappedFile file_;
  const std::byte* tokens_ = nullptr;
  std::span<const uint64_t> document_ends_;
  uint64_t key_ = 0;
  int64_t count_ = 0;
  int vocab_size_ = 0;
  int width_ = 0;
};

}  // namespace fude
