#include "data/splitter.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "fude/base/error.h"

namespace fude {

std::vector<uint64_t> split_counts(uint64_t documents, std::span<const double> shares) {
  if (documents < shares.size()) {
    throw DataError("cannot divide " + std::to_string(documents) + (documents == 1 ? " document" : " documents") +
                        " into " + std::to_string(shares.size()) + " parts",
                    "a split goes by documents: give more files, or say what separates documents within a file");
  }
  std::vector<uint64_t> counts;
  std::vector<std::pair<double, size_t>> remainders;
  for (size_t part = 0; part < shares.size(); ++part) {
    const double exact = shares[part] * static_cast<double>(documents);
    counts.push_back(static_cast<uint64_t>(exact));
    remainders.emplace_back(std::floor(exact) - exact, part);
  }
  std::sort(remainders.begin(), remainders.end());  // the largest remainder first
  uint64_t given = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  for (size_t i = 0; given < documents; i = (i + 1) % remainders.size(), ++given) ++counts[remainders[i].second];
  for (uint64_t& count : counts) {
    uint64_t& largest = *std::max_element(counts.begin(), counts.end());
    if (count > 0) continue;
    --largest;
    ++count;
  }
  return counts;
}

Splitter::Splitter(std::vector<uint64_t> counts, uint64_t seed, std::span<DocumentSink* const> parts)
    : left_(std::move(counts)),
      all_left_(std::accumulate(left_.begin(), left_.end(), uint64_t{0})),
      random_(derive_seed(seed, "split")),
      parts_(parts),
      documents_(parts.size()) {
  choose();
}

void Splitter::choose() {
  if (all_left_ == 0) return;
  uint64_t drawn = random_.below(all_left_);
  for (part_ = 0; drawn >= left_[part_]; ++part_) drawn -= left_[part_];
  --left_[part_];
  --all_left_;
}

void Splitter::end_document() {
  parts_[part_]->end_document();
  ++documents_[part_];
  choose();
}

}  // namespace fude
