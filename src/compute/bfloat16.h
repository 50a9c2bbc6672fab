// The upper half of a float: its sign, its exponent and 8 bits of precision. What matrix products may read in place of
// floats; everything else is computed in float.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace fude {

struct BFloat16 {
  uint16_t bits = 0;

  BFloat16() = default;
  // The nearest one, ties to even; NaN stays NaN.
  explicit BFloat16(float value) {
    const auto whole = std::bit_cast<uint32_t>(value);
    const uint32_t rounded = whole + 0x7FFF + (whole >> 16 & 1);
    bits = static_cast<uint16_t>((value == value ? rounded : whole | 0x400000) >> 16);
  }
  explicit operator float() const { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
  bool operator==(const BFloat16&) const = default;
};

// What products read: the numbers themselves, or floats rounded.
template <class Store, class Real>
constexpr bool kIsRounded = !std::is_same_v<Store, Real>;

}  // namespace fude
