#include "base/hash.h"

// Compiled in: a program that links the library needs no xxHash of its own.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>
#include <new>

namespace fude {
namespace {

std::string to_hex(XXH128_hash_t hash) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

}  // namespace

uint64_t hash64(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }
uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }
Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}
std::string hash_hex(std::string_view bytes) { return to_hex(XXH3_128bits(bytes.data(), bytes.size())); }

struct Hasher::Impl {
  XXH3_state_t* state64 = XXH3_createState();
  XXH3_state_t* state128 = XXH3_createState();
  ~Impl() {
    XXH3_freeState(state64);
    XXH3_freeState(state128);
  }
};

Hasher::Hasher() : impl_(std::make_unique<Impl>()) {
  if (impl_->state64 == nullptr || impl_->state128 == nullptr) throw std::bad_alloc();
  reset();
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::reset() {
  XXH3_64bits_reset(impl_->state64);
  XXH3_128bits_reset(impl_->state128);
}

void Hasher::update(std::string_view bytes) {
  XXH3_64bits_update(impl_->state64, bytes.data(), bytes.size());
  XXH3_128bits_update(impl_->state128, bytes.data(), bytes.size());
}

void Hasher::update(std::span<const std::byte> bytes) {
  update(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

uint64_t Hasher::value64() const { return XXH3_64bits_digest(impl_->state64); }
Hash128 Hasher::value128() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(impl_->state128);
  return {hash.high64, hash.low64};
}
std::string Hasher::hex() const { return to_hex(XXH3_128bits_digest(impl_->state128)); }

}  // namespace fude
