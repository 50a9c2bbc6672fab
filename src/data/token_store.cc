#include "data/token_store.h"

#include <algorithm>
#include <atomic>
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
// Document ends that the writer keeps before it puts them aside.
constexpr size_t kEndsInMemory = size_t{1} << 17;
// Tokens or document ends that are checked at a time.
constexpr uint64_t kChecked = uint64_t{1} << 22;
// Bytes of a store that may lie in memory.
constexpr size_t kMostInMemory = size_t{64} << 20;
// What the system brings into memory where a byte is read.
constexpr int64_t kBroughtByARead = int64_t{1} << 16;

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
  if (end == last_end_) return;
  last_end_ = end;
  document_ends_.push_back(end);
  if (document_ends_.size() == kEndsInMemory) put_ends_aside();
}

void TokenStoreWriter::put_ends_aside() {
  if (!earlier_ends_) earlier_ends_ = std::make_unique<TemporaryFile>();
  earlier_ends_->append(
      {reinterpret_cast<const char*>(document_ends_.data()), document_ends_.size() * sizeof(uint64_t)});
  document_ends_.clear();
}

void TokenStoreWriter::commit() {
  end_document();
  const std::string padding(padding_after(static_cast<uint64_t>(count_) * static_cast<uint64_t>(width_)), '\0');
  uint64_t documents = document_ends_.size();
  const auto put = [&](std::string_view bytes) {
    checksum_.update(bytes);
    file_.write(bytes);
  };
  put(padding);
  if (earlier_ends_) {
    documents += earlier_ends_->size() / sizeof(uint64_t);
    std::string chunk(kEndsInMemory * sizeof(uint64_t), '\0');
    for (uint64_t at = 0; at < earlier_ends_->size(); at += chunk.size()) {
      chunk.resize(std::min<uint64_t>(chunk.size(), earlier_ends_->size() - at));
      earlier_ends_->read(at, chunk);
      put(chunk);
    }
  }
  put({reinterpret_cast<const char*>(document_ends_.data()), document_ends_.size() * sizeof(uint64_t)});
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.width = static_cast<uint32_t>(width_);
  header.vocab_size = static_cast<uint64_t>(vocab_size_);
  header.count = static_cast<uint64_t>(count_);
  header.documents = documents;
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
  tokens_ = bytes.data() + sizeof header;
  document_ends_ = {reinterpret_cast<const uint64_t*>(tokens_ + table_at), header.documents};
  key_ = header.key;
  count_ = static_cast<int64_t>(header.count);
  vocab_size_ = static_cast<int>(header.vocab_size);
  width_ = static_cast<int>(header.width);
  check_body(table_at, header.body_checksum, path);
}

void TokenStore::check_body(uint64_t table_at, uint64_t checksum, const std::filesystem::path& path) const {
  const auto count = static_cast<uint64_t>(count_);
  const auto width = static_cast<uint64_t>(width_);
  Hasher hasher;
  bool known = true;
  for (uint64_t begin = 0; begin < count; begin += kChecked) {
    const uint64_t size = std::min(kChecked, count - begin);
    hasher.update(std::span(tokens_ + begin * width, size * width));
    known = known && with_width(width_, tokens_ + begin * width, [&](const auto* tokens) {
              return std::all_of(tokens, tokens + size,
                                 [&](auto token) { return token < static_cast<uint64_t>(vocab_size_); });
            });
    note_read(static_cast<int64_t>(size));
  }
  hasher.update(std::span(tokens_ + count * width, table_at - count * width));
  bool ascending = true;
  uint64_t last = 0;
  for (size_t begin = 0; begin < document_ends_.size(); begin += kChecked) {
    const auto ends = document_ends_.subspan(begin, std::min<size_t>(kChecked, document_ends_.size() - begin));
    hasher.update(std::as_bytes(ends));
    ascending = ascending && ends.front() > last &&
                std::adjacent_find(ends.begin(), ends.end(), std::greater_equal<>()) == ends.end();
    last = ends.back();
    note_read(static_cast<int64_t>(ends.size_bytes()) / width_);
  }
  const auto fail = [&](const char* problem) { throw FormatError(path.string() + ": damaged: " + problem); };
  if (hasher.value64() != checksum) fail("the checksum differs");
  if (!ascending || last != count) fail("the document ends are not ascending up to the number of tokens");
  if (!known) fail("a token is outside the vocabulary");
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

void TokenStore::note_read(int64_t tokens) const {
  if (file_.bytes().size() <= kMostInMemory) return;
  std::atomic_ref<int64_t> total(read_bytes_);
  if ((total += std::max(tokens * width_, kBroughtByARead)) < static_cast<int64_t>(kMostInMemory)) return;
  total = 0;
  file_.release();
}

TokenId TokenStore::operator[](int64_t position) const {
  TokenId token = 0;
  read(position, {&token, 1});
  return token;
}

void TokenStore::read(int64_t begin, std::span<TokenId> out) const {
  note_read(static_cast<int64_t>(out.size()));
  uint32_t largest = 0;
  with_width(width_, tokens_, [&](const auto* tokens) {
    std::transform(tokens + begin, tokens + begin + out.size(), out.begin(), [&largest](auto token) {
      largest = std::max<uint32_t>(largest, token);
      return static_cast<TokenId>(token);
    });
  });
  if (largest >= static_cast<uint32_t>(vocab_size_))
    throw FormatError("the token store was changed while it was read: token " + std::to_string(largest) +
                          " of a vocabulary of " + std::to_string(vocab_size_),
                      "leave files alone that a program works with");
}

}  // namespace fude
