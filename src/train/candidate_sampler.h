// Draws the symbols among which a sampled softmax looks for its targets: as often as they stand in the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/token_store.h"
#include "nn/network.h"

namespace fude {

class CandidateSampler {
 public:
  // `count`: symbols drawn for a window beside its targets; 0: none, the softmax is full. `store` must outlive it.
  CandidateSampler(const TokenStore& store, int count, uint64_t seed);

  // For a window with these targets (-1: none); without candidates where nearly all symbols would be among them. Equal
  // steps give equal draws. Views that hold until the next call.
  Candidates draw(const std::vector<int32_t>& targets, int64_t step);

 private:
  const TokenStore* store_;
  size_t count_;
  uint64_t seed_;
  std::vector<double> shares_;  // of the text, by symbol
  size_t present_ = 0;          // symbols that stand in it
  std::vector<uint8_t> taken_;  // by symbol
  std::vector<int32_t> ids_;
  std::vector<double> log_rates_;
};

}  // namespace fude
