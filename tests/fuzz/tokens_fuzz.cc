// Token stores under checksums that are right, and the batches cut from them.
#include <vector>

#include "base/hash.h"
#include "data/batcher.h"
#include "data/token_store.h"
#include "fuzz/fuzz.h"

using namespace fude;

namespace {

constexpr size_t kHeader = 64;

template <class T>
void put(std::string& bytes, size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

void seal(std::string& bytes) {
  if (bytes.size() < kHeader) return;
  put(bytes, 48, hash64(std::string_view(bytes).substr(kHeader)));
  put(bytes, 56, hash64(std::string_view(bytes).substr(0, 56)));
}

// A header that fits the body as far as a count of tokens may.
std::string fitting_file(FuzzInput input) {
  const auto vocab_size = input.number<uint32_t>();
  const uint64_t count = input.number<uint16_t>();
  const uint64_t width = vocab_size <= 256 ? 1 : vocab_size <= 65536 ? 2 : 4;
  const uint64_t table_at = (count * width + 7) / 8 * 8;
  std::string body(input.rest());
  body.resize(body.size() / 8 * 8);
  std::string bytes = "FUDETOKS" + std::string(kHeader - 8, '\0') + body;
  put<uint32_t>(bytes, 8, 1);
  put(bytes, 12, static_cast<uint32_t>(width));
  put<uint64_t>(bytes, 16, vocab_size);
  put(bytes, 24, count);
  put<uint64_t>(bytes, 32, body.size() < table_at ? 0 : (body.size() - table_at) / 8);
  return bytes;
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  static const MemoryFile file;
  const uint8_t choice = input.byte();
  const BatchOptions options{.batch_size = input.byte(),
                             .seq_length = input.byte(),
                             .stride = input.byte() % 8,
                             .random_length = (choice & 0x10) != 0,
                             .reset_at_documents = (choice & 0x20) != 0};
  std::string bytes = (choice & 1) != 0 ? fitting_file(input) : std::string(input.rest());
  seal(bytes);
  const TokenStore store(file.hold(bytes).path());
  for (int64_t i = 0; i < store.size(); ++i)
    expect(store[i] >= 0 && store[i] < store.vocab_size(), "tokens are of the vocabulary");

  Batcher batcher(store, options);
  Batch batch;
  for (int k = 0; k < 5; ++k) {
    batcher.next(batch);
    for (const TokenId id : batch.inputs) expect(id >= 0 && id < store.vocab_size(), "inputs are of the vocabulary");
  }
}
