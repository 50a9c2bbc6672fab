#include "fude/data/statistics.h"

#include <algorithm>
#include <array>

#include "fude/text/unicode.h"

namespace fude {

bool is_white_space(char32_t c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

void TextStatistics::add(std::string_view text) {
  std::array<int64_t, 128> ascii{};
  bool in_word = false;
  int64_t line = 0;
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = next_code_point(text, offset);
    ++code_points_;
    if (c < ascii.size()) {
      ++ascii[c];
    } else {
      ++non_ascii_;
      ++counts_[c];
    }
    const bool space = is_white_space(c);
    words_ += !space && !in_word ? 1 : 0;
    in_word = !space;
    line = c == U'\n' ? 0 : line + 1;
    lines_ += c == U'\n' ? 1 : 0;
    longest_line_ = std::max(longest_line_, line);
  }
  for (size_t c = 0; c < ascii.size(); ++c) {
    if (ascii[c] > 0) counts_[static_cast<char32_t>(c)] += ascii[c];
  }
  lines_ += line > 0 ? 1 : 0;
  bytes_ += static_cast<int64_t>(text.size());
  ++texts_;
}

std::vector<std::pair<char32_t, int64_t>> TextStatistics::by_count() const {
  std::vector<std::pair<char32_t, int64_t>> counts(counts_.begin(), counts_.end());
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return counts;
}

}  // namespace fude
