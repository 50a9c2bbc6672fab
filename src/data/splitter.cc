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

PartDraw::PartDraw(std::vector<uint64_t> counts, uint64_t seed)
    : left_(std::move(counts)),
      all_left_(std::accumulate(left_.begin(), left_.end(), uint64_t{0})),
      random_(derive_seed(seed, "split")) {}

size_t PartDraw::next() {
  uint64_t drawn = random_.below(all_left_);
  size_t part = 0;
  for (; drawn >= left_[part]; ++part) drawn -= left_[part];
  --left_[part];
  --all_left_;
  return part;
}

Splitter::Splitter(std::vector<uint64_t> counts, std::span<DocumentSink* const> parts)
    : counts_(std::move(counts)), parts_(parts), documents_(parts.size()) {}

void Splitter::end_document() {
  parts_[part_]->end_document();
  const auto documents = static_cast<uint64_t>(++documents_[part_]);
  if (part_ + 1 < counts_.size() && documents == counts_[part_]) ++part_;
}

}  // namespace fude
