#include "data/token_store.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <utility>

#include "fude/base/error.h"

namespace fude {
namespace {

static_assert(std::endian::native == std::endian::little, "token stores are read and written as they lie in memory");

constexpr char kMagic[8] = {'F', 'U', 'D', 'E', 'T', 'O', 'K', 'S'};
constexpr uint32_t kVersion = 1;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t width;
  uint64_t vocab_size;
  uint64_t count;
  uint64_t documents;
  uint64_t key;
  uint64_t body_checksum;
  uint64_t header_checksum;
};
static_assert(sizeof(Header) == 64);

uint64_t header_checksum(const Header& header) {
  return hash64(bytes_of(header).first(offsetof(Header, header_checksum)));
}

int width_of(uint64_t vocab_size) { return vocab_size <= 256 ? 1 : vocab_size <= 65536 ? 2 : 4; }

uint64_t padding_after(uint64_t token_bytes) { return (8 - token_bytes % 8) % 8; }

// Calls `use` with the tokens at `bytes` as the unsigned type of their width.
template <class Use>
auto with_width(int width, const std::byte* bytes, Use use) {
  if (width == 1) return use(reinterpret_cast<const uint8_t*>(bytes));
  if (width == 2) return use(reinterpret_cast<const uint16_t*>(bytes));
  return use(reinterpret_cast<const uint32_t*>(bytes));
}

template <class T>
void pack(std::span<const TokenId> ids, std::vector<std::byte>& packed) {
  packed.resize(ids.size() * sizeof(T));
  std::byte* dst = packed.data();
  for (const TokenId id : ids) {
    const auto value = static_cast<T>(id);
    std::memcpy(dst, &value, sizeof value);
    dst += sizeof value;
  }
}

}  // namespace

TokenStoreWriter::TokenStoreWriter(std::filesystem::path path, int vocab_size, std::string_view key)
    : file_(std::move(path)),
      key_(hash64(key)),
      vocab_size_(vocab_size),
      width_(width_of(static_cast<uint64_t>(vocab_size))) {
  file_.write(bytes_of(Header{}));
}

void TokenStoreWriter::append(std::span<const TokenId> ids) {
  for (const TokenId id : ids) {
    if (id < 0 || id >= vocab_size_)
      throw DataError("token " + std::to_string(id) + " is outside the vocabulary of " + std::to_string(vocab_size_));
  }
  if (width_ == 1) pack<uint8_t>(ids, packed_);
  if (width_ == 2) pack<uint16_t>(ids, packed_);
  if (width_ == 4) pack<uint32_t>(ids, packed_);
  checksum_.update(packed_);
  file_.write(packed_);
  count_ += static_cast<int64_t>(ids.size());
}

void TokenStoreWriter::end_document() {
  const auto end = static_cast<uint64_t>(count_);
  if (end > (document_ends_.empty() ? 0 : document_ends_.back())) document_ends_.push_back(end);
}

void TokenStoreWriter::commit() {
  end_document();
  const std::string padding(padding_after(static_cast<uint64_t>(count_) * static_cast<uint64_t>(width_)), '\0');
  const auto ends = std::as_bytes(std::span(document_ends_));
  checksum_.update(padding);
  checksum_.update(ends);
  file_.write(padding);
  file_.write(ends);
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.width = static_cast<uint32_t>(width_);
  header.vocab_size = static_cast<uint64_t>(vocab_size_);
  header.count = static_cast<uint64_t>(count_);
  header.documents = document_ends_.size();
  header.key = key_;
  header.body_checksum = checksum_.value64();
  header.header_checksum = header_checksum(header);
  file_.write_at(0, bytes_of(header));
  file_.commit();
}

TokenStore::TokenStore(const std::filesystem::path& path) : file_(path) {
  const auto fail = [&](const std::string& problem) { throw FormatError(path.string() + ": " + problem); };
  const std::span<const std::byte> bytes = file_.bytes();
  Header header;
  if (bytes.size() < sizeof header) fail("not a token store: shorter than a header");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) fail("not a token store");
  if (header.version != kVersion)
    fail("token store of version " + std::to_string(header.version) + ", expected " + std::to_string(kVersion));
  if (header.header_checksum != header_checksum(header)) fail("damaged: the header's checksum differs");
  if (header.vocab_size > INT32_MAX || header.width != static_cast<uint32_t>(width_of(header.vocab_size)))
    fail("damaged: " + std::to_string(header.width) + " bytes a token do not fit the vocabulary");

  // Every product below is bounded by the file's size before it is formed.
  const uint64_t body = bytes.size() - sizeof header;
  const bool tokens_fit = header.count <= body / header.width;
  const uint64_t token_bytes = tokens_fit ? header.count * header.width : 0;
  const uint64_t table_at = token_bytes + padding_after(token_bytes);
  if (!tokens_fit || table_at > body || header.documents != (body - table_at) / sizeof(uint64_t) ||
      (body - table_at) % sizeof(uint64_t) != 0) {
    fail("damaged: " + std::to_string(bytes.size()) + " bytes do not hold what the header says");
  }
  const std::span<const std::byte> content = bytes.subspan(sizeof header);
  if (header.body_checksum != hash64(content)) fail("damaged: the checksum differs");

  tokens_ = content.data();
  document_ends_ = {reinterpret_cast<const uint64_t*>(tokens_ + table_at), header.documents};
  key_ = header.key;
  count_ = static_cast<int64_t>(header.count);
  vocab_size_ = static_cast<int>(header.vocab_size);
  width_ = static_cast<int>(header.width);
  if (std::adjacent_find(document_ends_.begin(), document_ends_.end(), std::greater_equal<>()) !=
          document_ends_.end() ||
      (document_ends_.empty() ? 0 : document_ends_.back()) != header.count ||
      (!document_ends_.empty() && document_ends_.front() == 0)) {
    fail("damaged: the document ends are not ascending up to the number of tokens");
  }
  const bool known = with_width(width_, tokens_, [&](const auto* tokens) {
    return std::all_of(tokens, tokens + count_, [&](auto token) { return token < header.vocab_size; });
  });
  if (!known) fail("damaged: a token is outside the vocabulary");
}

std::optional<TokenStore> TokenStore::open_if_fresh(const std::filesystem::path& path, std::string_view key,
                                                    std::string* why) {
  std::string reason;
  try {
    TokenStore store(path);
    if (store.key_ == hash64(key)) return store;
    reason = path.string() + " was made from another text, split or tokenizer";
  } catch (const Error& error) {
    reason = error.what();
  }
  if (why != nullptr) *why = reason;
  return std::nullopt;
}

TokenId TokenStore::operator[](int64_t position) const {
  return with_width(width_, tokens_, [&](const auto* tokens) { return static_cast<TokenId>(tokens[position]); });
}

void TokenStore::read(int64_t begin, std::span<TokenId> out) const {
  with_width(width_, tokens_, [&](const auto* tokens) {
    std::transform(tokens + begin, tokens + begin + out.size(), out.begin(),
                   [](auto token) { return static_cast<TokenId>(token); });
  });
}

}  // namespace fude
