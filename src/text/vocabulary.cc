#include "text/vocabulary.h"

#include <algorithm>

#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {

Vocabulary::Vocabulary(std::vector<std::string> pieces, TokenId first_id)
    : pieces_(std::move(pieces)), first_id_(first_id) {
  ids_.reserve(pieces_.size());
  TokenId id = first_id;
  for (const std::string& piece : pieces_) {
    if (piece.empty()) throw FormatError("tokenizer: piece " + std::to_string(id) + " is empty");
    if (!ids_.emplace(piece, id).second) throw FormatError("tokenizer: piece \"" + piece + "\" is there twice");
    ++id;
  }
}

void CodePointCounts::add(std::string_view text) {
  for (size_t offset = 0; offset < text.size(); ++total_) ++counts_[next_code_point(text, offset)];
}

std::vector<char32_t> CodePointCounts::most_frequent(size_t limit) const {
  std::vector<char32_t> code_points;
  for (char32_t code_point = 0; code_point < counts_.size(); ++code_point) {
    if (counts_[code_point] > 0) code_points.push_back(code_point);
  }
  std::stable_sort(code_points.begin(), code_points.end(),
                   [this](char32_t a, char32_t b) { return counts_[a] > counts_[b]; });
  if (code_points.size() > limit) code_points.resize(limit);
  return code_points;
}

void PieceCounts::add(std::string_view piece, int64_t times) {
  if (const auto found = counts_.find(piece); found != counts_.end()) {
    found->second += times;
  } else {
    counts_.emplace(piece, times);
    if (most_ > 0 && counts_.size() > most_) forget_rarest();
  }
}

void PieceCounts::forget_rarest() {
  for (int64_t rarest = 1; counts_.size() > most_ / 2; ++rarest)
    std::erase_if(counts_, [&](const auto& entry) { return entry.second <= rarest; });
}

std::vector<std::pair<std::string, int64_t>> PieceCounts::by_frequency() const {
  std::vector<std::pair<std::string, int64_t>> pieces(counts_.begin(), counts_.end());
  std::sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return pieces;
}

}  // namespace fude
