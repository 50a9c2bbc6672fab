// How often each character comes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fude {

class CharacterCounts {
 public:
  // Valid UTF-8, in any portions of whole characters.
  void add(std::string_view text);

  int64_t total() const { return total_; }
  int64_t non_ascii() const { return total_ - ascii_total_; }
  // Each code point and how often it comes, the most frequent first, equal ones by value.
  std::vector<std::pair<char32_t, int64_t>> by_count() const;

 private:
  std::array<int64_t, 128> ascii_{};
  std::unordered_map<char32_t, int64_t> others_;  // at most the 1.1 million that there are
  int64_t total_ = 0;
  int64_t ascii_total_ = 0;
};

}  // namespace fude
