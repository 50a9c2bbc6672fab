#include "data/word_counts.h"

#include <algorithm>
#include <functional>

namespace fude {

void WordCounts::add(uint64_t key) {
  ++total_;
  ++counts_[key];
  if (counts_.size() > limit_) forget_rare();
}

void WordCounts::forget_rare() {
  for (int64_t least = 1; counts_.size() > limit_ / 4 * 3; ++least) {
    std::erase_if(counts_, [least](const auto& entry) { return entry.second <= least; });
    forgotten_ = std::max(forgotten_, least);
  }
}

int64_t WordCounts::seen_once() const {
  return std::count_if(counts_.begin(), counts_.end(), [](const auto& entry) { return entry.second == 1; });
}

std::vector<int64_t> WordCounts::needed_for(const std::vector<double>& shares) const {
  std::vector<int64_t> counts;
  for (const auto& [hash, count] : counts_) counts.push_back(count);
  std::sort(counts.begin(), counts.end(), std::greater<>());
  std::vector<int64_t> needed;
  for (const double share : shares) {
    const double wanted = share * static_cast<double>(total_);
    double covered = 0;
    size_t words = 0;
    while (words < counts.size() && covered < wanted) covered += static_cast<double>(counts[words++]);
    needed.push_back(static_cast<int64_t>(words));
  }
  return needed;
}

}  // namespace fude
