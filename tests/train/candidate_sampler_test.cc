#include "train/candidate_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "fude/base/random.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

// Symbol k stands about 1 / (k + 2) times as often as the first one.
TokenStore zipf_store(const TempDir& dir, int symbols, int tokens) {
  std::vector<double> cumulative;
  double sum = 0;
  for (int k = 0; k < symbols; ++k) cumulative.push_back(sum += 1.0 / (k + 2));
  Random random(3);
  TokenStoreWriter writer(dir.path() / "zipf.tokens", symbols, "key");
  for (int k = 0; k < tokens; ++k) {
    const auto found = std::lower_bound(cumulative.begin(), cumulative.end(), random.uniform() * sum);
    const auto id = static_cast<TokenId>(std::min<std::ptrdiff_t>(found - cumulative.begin(), symbols - 1));
    writer.append(std::vector<TokenId>{id});
  }
  writer.commit();
  return TokenStore(dir.path() / "zipf.tokens");
}

TEST(CandidateSampler, Draw_HoldsTheTargetsInOrder) {
  const TempDir dir;
  const TokenStore store = zipf_store(dir, 3000, 50'000);
  CandidateSampler sampler(store, 300, 7);
  const std::vector<int32_t> targets = {5, -1, 5, 2, 900};
  const Candidates drawn = sampler.draw(targets, 1);
  EXPECT_EQ(drawn.ids.size(), 512U);
  EXPECT_EQ(drawn.log_rates.size(), 512U);
  EXPECT_TRUE(std::is_sorted(drawn.ids.begin(), drawn.ids.end()));
  EXPECT_EQ(std::adjacent_find(drawn.ids.begin(), drawn.ids.end()), drawn.ids.end());
  for (const int32_t target : {2, 5, 900})
    EXPECT_TRUE(std::binary_search(drawn.ids.begin(), drawn.ids.end(), target)) << target;
}

TEST(CandidateSampler, Rates_AreThoseAtWhichSymbolsCome) {
  const TempDir dir;
  const TokenStore store = zipf_store(dir, 3000, 50'000);
  CandidateSampler sampler(store, 300, 7);
  constexpr int kDraws = 2000;
  std::map<int32_t, double> seen, said;
  for (int step = 0; step < kDraws; ++step) {
    const Candidates drawn = sampler.draw({}, step);
    for (size_t k = 0; k < drawn.ids.size(); ++k) {
      seen[drawn.ids[k]] += 1.0 / kDraws;
      said[drawn.ids[k]] = std::exp(drawn.log_rates[k]);
    }
  }
  for (const int32_t id : {0, 10, 100, 400}) EXPECT_NEAR(seen[id], said[id], 0.05) << id;
}

TEST(CandidateSampler, Step_DecidesTheDraw) {
  const TempDir dir;
  const TokenStore store = zipf_store(dir, 3000, 50'000);
  CandidateSampler a(store, 300, 7), b(store, 300, 7);
  const Candidates of_a = a.draw({1}, 5);
  b.draw({1}, 4);
  const std::vector<int32_t> fourth(b.draw({1}, 4).ids.begin(), b.draw({1}, 4).ids.end());
  const Candidates of_b = b.draw({1}, 5);
  EXPECT_TRUE(std::ranges::equal(of_a.ids, of_b.ids));
  EXPECT_FALSE(std::ranges::equal(of_b.ids, fourth));
}

TEST(CandidateSampler, NoCountOrFewSymbols_GivesNone) {
  const TempDir dir;
  const TokenStore store = zipf_store(dir, 200, 20'000);
  EXPECT_TRUE(CandidateSampler(store, 0, 7).draw({1}, 1).ids.empty());
  EXPECT_TRUE(CandidateSampler(store, 100, 7).draw({1}, 1).ids.empty());
}

}  // namespace
}  // namespace fude
