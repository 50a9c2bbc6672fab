#include "data/character_counts.h"

#include <algorithm>

#include "fude/text/unicode.h"

namespace fude {

void CharacterCounts::add(std::string_view text) {
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = next_code_point(text, offset);
    ++total_;
    if (c < ascii_.size()) {
      ++ascii_[c];
      ++ascii_total_;
    } else {
      ++others_[c];
    }
  }
}

std::vector<std::pair<char32_t, int64_t>> CharacterCounts::by_count() const {
  std::vector<std::pair<char32_t, int64_t>> counts(others_.begin(), others_.end());
  for (size_t c = 0; c < ascii_.size(); ++c) {
    if (ascii_[c] > 0) counts.emplace_back(static_cast<char32_t>(c), ascii_[c]);
  }
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return counts;
}

}  // namespace fude
