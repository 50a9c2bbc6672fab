// Checksums and fingerprints: XXH3 (fast, well distributed; not meant to stop a forger). The one room that knows
// xxHash.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace fude {

struct Hash128 {
  uint64_t high = 0;
  uint64_t low = 0;
  auto operator<=>(const Hash128&) const = default;
};

uint64_t hash64(std::span<const std::byte> bytes);
uint64_t hash64(std::string_view bytes);
Hash128 hash128(std::string_view bytes);
// 128 bits as 32 lower-case hexadecimal digits.
std::string hash_hex(std::string_view bytes);

// The same over a stream of pieces: the result does not depend on where it was cut.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(std::string_view bytes);
  void update(std::span<const std::byte> bytes);
  // As newly made.
  void reset();
  uint64_t value64() const;
  Hash128 value128() const;
  std::string hex() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fude
