#include "base/numbers.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace fude {
namespace {

// Three significant digits and a unit: 999, 1.23k, 12.3k, 123k.
template <size_t N>
std::string scaled(double number, const std::array<const char*, N>& units) {
  size_t unit = 0;
  while (number >= 999.5 && unit + 1 < N) {
    number /= 1000;
    ++unit;
  }
  const int digits = unit == 0 || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return fixed(number, digits) + units[unit];
}

}  // namespace

std::string with_commas(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted(int64_t number, const std::string& thing) {
  return with_commas(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string short_number(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", number);
  return text.data();
}

std::string short_count(double number) { return scaled(number, std::array{"", "k", "M", "G", "T"}); }

std::string short_bytes(double bytes) { return scaled(bytes, std::array{" B", " kB", " MB", " GB", " TB", " PB"}); }

std::string fixed(double number, int digits) {
  if (!std::isfinite(number)) return "-";
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), std::fabs(number) < 1e15 ? "%.*f" : "%.*e", digits, number);
  return buffer.data();
}

}  // namespace fude
