#include "train/candidate_sampler.h"

#include <algorithm>
#include <cmath>

#include "fude/base/random.h"

namespace fude {
namespace {

// The number of candidates is a multiple of this, so that few shapes of matrices come up.
constexpr size_t kRound = 256;
// Tokens read at a time.
constexpr int64_t kChunk = 1 << 16;

std::vector<double> count_shares(const TokenStore& store) {
  std::vector<double> shares(static_cast<size_t>(store.vocab_size()));
  std::vector<TokenId> ids;
  for (int64_t begin = 0; begin < store.size(); begin += kChunk) {
    ids.resize(static_cast<size_t>(std::min(kChunk, store.size() - begin)));
    store.read(begin, ids);
    for (const TokenId id : ids) shares[static_cast<size_t>(id)] += 1.0 / static_cast<double>(store.size());
  }
  return shares;
}

}  // namespace

CandidateSampler::CandidateSampler(const TokenStore& store, int count, uint64_t seed)
    : store_(&store), count_(static_cast<size_t>(count)), seed_(seed) {
  if (count == 0) return;
  shares_ = count_shares(store);
  taken_.resize(shares_.size());
  present_ = shares_.size() - static_cast<size_t>(std::count(shares_.begin(), shares_.end(), 0.0));
}

Candidates CandidateSampler::draw(const std::vector<int32_t>& targets, int64_t step) {
  if (count_ == 0) return {};
  std::fill(taken_.begin(), taken_.end(), uint8_t{0});
  size_t distinct = 0, draws = 0;
  const auto take = [&](int32_t id) {
    uint8_t& taken = taken_[static_cast<size_t>(id)];
    distinct += taken == 0 ? 1 : 0;
    taken = 1;
    ++draws;
  };
  for (const int32_t target : targets)
    if (target >= 0) take(target);
  const size_t wanted = (distinct + count_ + kRound - 1) / kRound * kRound;
  if (wanted >= present_) return {};
  // A random token of the text is a symbol drawn by its share.
  Random random(seed_, static_cast<uint64_t>(step));
  while (distinct < wanted) take((*store_)[static_cast<int64_t>(random.below(static_cast<uint64_t>(store_->size())))]);

  // The window's targets are random tokens of the text, too: the chance to be among all draws is 1 - (1 - share)^draws.
  ids_.clear();
  log_rates_.clear();
  for (size_t id = 0; id < taken_.size(); ++id) {
    if (taken_[id] == 0) continue;
    ids_.push_back(static_cast<int32_t>(id));
    log_rates_.push_back(std::log(-std::expm1(static_cast<double>(draws) * std::log1p(-shares_[id]))));
  }
  return {ids_, log_rates_};
}

}  // namespace fude
