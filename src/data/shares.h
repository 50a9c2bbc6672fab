// Parts of a whole.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace fude {

// 0 where there is no whole.
inline double share_of(int64_t part, int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// "12.3 %"
inline std::string percent(double share, int digits) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.*f %%", digits, 100 * share);
  return text.data();
}

}  // namespace fude
