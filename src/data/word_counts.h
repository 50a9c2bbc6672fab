// How often each word comes, for more words than memory holds.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"

namespace fude {

// Counts up to a limit of different words. Beyond it the rarest are forgotten, as in lossy counting (Manku & Motwani,
// "Approximate frequency counts over data streams", VLDB 2002): frequent words keep their counts.
class WordCounts {
 public:
  explicit WordCounts(int64_t limit) : limit_(static_cast<size_t>(limit)) {}

  void add(std::string_view word) { add(key_of(word)); }
  // A word by its key, so that many threads can look for words and one count them.
  void add(uint64_t key);
  static uint64_t key_of(std::string_view word) { return hash64(word); }

  int64_t total() const { return total_; }
  int64_t distinct() const { return static_cast<int64_t>(counts_.size()); }
  int64_t seen_once() const;
  bool forgot() const { return forgotten_ > 0; }
  // For each share of all words: how many of the most frequent ones make it up.
  std::vector<int64_t> needed_for(const std::vector<double>& shares) const;

 private:
  void forget_rare();

  size_t limit_;
  std::unordered_map<uint64_t, int64_t> counts_;  // by the word's key
  int64_t total_ = 0;
  int64_t forgotten_ = 0;  // counts up to this were forgotten at least once
};

}  // namespace fude
