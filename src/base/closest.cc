#include "base/closest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace fude {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string closest(std::string_view wanted, const std::vector<std::string>& candidates) {
  std::string best;
  size_t fewest = wanted.size() / 3 + 1;
  for (const std::string& candidate : candidates) {
    const size_t edits = edit_distance(wanted, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  if (!best.empty() || wanted.empty()) return best;
  const auto longer = std::find_if(candidates.begin(), candidates.end(),
                                   [&](const std::string& candidate) { return candidate.starts_with(wanted); });
  return longer == candidates.end() ? std::string() : *longer;
}

}  // namespace fude
