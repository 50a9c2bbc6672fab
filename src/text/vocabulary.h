// What a tokenizer learned: its pieces, numbered, and the counts from which they are chosen.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fude/text/tokenizer.h"

namespace fude {

// Pieces in the order of their ids, which begin at `first_id`.
class Vocabulary {
 public:
  // FormatError for an empty piece and for one that is there twice.
  Vocabulary(std::vector<std::string> pieces, TokenId first_id);
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;

  // -1 when there is no such piece.
  TokenId find(std::string_view piece) const {
    const auto found = ids_.find(piece);
    return found == ids_.end() ? -1 : found->second;
  }
  const std::string& piece(TokenId id) const { return pieces_[static_cast<size_t>(id - first_id_)]; }
  const std::vector<std::string>& pieces() const { return pieces_; }
  // One past the last piece's id.
  TokenId end_id() const { return first_id_ + static_cast<TokenId>(pieces_.size()); }

 private:
  std::vector<std::string> pieces_;
  std::unordered_map<std::string_view, TokenId> ids_;  // keys are views of pieces_
  TokenId first_id_;
};

// How often each code point occurs.
class CodePointCounts {
 public:
  CodePointCounts() : counts_(0x110000) {}
  // Valid UTF-8.
  void add(std::string_view text);
  int64_t count(char32_t code_point) const { return counts_[code_point]; }
  int64_t total() const { return total_; }
  // Those that occur, at most `limit` of them, most frequent first; ties by code point.
  std::vector<char32_t> most_frequent(size_t limit) const;

 private:
  std::vector<int64_t> counts_;
  int64_t total_ = 0;
};

// Pieces of more bytes are not worth counting: as tokens they would stand for nothing but themselves, and a text
// without spaces is a single one.
inline constexpr size_t kLongestCountedPiece = 256;
// Different pieces counted at a time: some 200 MB of words, and with kLongestCountedPiece below 1 GB whatever comes.
inline constexpr size_t kMostCountedPieces = size_t{1} << 21;

class PieceCounts {
 public:
  // Where more than `most` pieces are to be counted, the rarest are forgotten (Manku & Motwani 2002, "lossy counting"):
  // memory stays bounded, and the counts of frequent pieces are nearly right. 0: no limit.
  explicit PieceCounts(size_t most = 0) : most_(most) {}
  void add(std::string_view piece, int64_t times = 1);
  // 0: it has not come, or was forgotten.
  int64_t count(std::string_view piece) const {
    const auto found = counts_.find(piece);
    return found == counts_.end() ? 0 : found->second;
  }
  // Every piece that occurs, most frequent first; ties by bytes.
  std::vector<std::pair<std::string, int64_t>> by_frequency() const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  void forget_rarest();

  size_t most_;
  std::unordered_map<std::string, int64_t, Hash, std::equal_to<>> counts_;
};

}  // namespace fude
