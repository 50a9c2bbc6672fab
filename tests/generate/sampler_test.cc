#include "fude/generate/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "fude/base/error.h"

namespace fude {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  // A constant added to all logits must not matter.
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p) + 3));
  return logits;
}

SamplerOptions off() { return {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0}; }

std::vector<TokenId> kept(const SamplerOptions& options, const std::vector<double>& probabilities) {
  std::vector<TokenId> ids;
  for (const auto& candidate : Sampler(options).candidates(logits_of(probabilities))) ids.push_back(candidate.id);
  return ids;
}

std::vector<double> after(const SamplerOptions& options, const std::vector<double>& probabilities) {
  std::vector<double> result;
  for (const auto& candidate : Sampler(options).candidates(logits_of(probabilities)))
    result.push_back(candidate.probability);
  return result;
}

std::vector<TokenId> top_k(int k, const std::vector<double>& probabilities) {
  SamplerOptions options = off();
  options.top_k = k;
  return kept(options, probabilities);
}

std::vector<TokenId> top_p(double p, const std::vector<double>& probabilities) {
  SamplerOptions options = off();
  options.top_p = p;
  return kept(options, probabilities);
}

std::vector<TokenId> min_p(double p, const std::vector<double>& probabilities) {
  SamplerOptions options = off();
  options.min_p = p;
  return kept(options, probabilities);
}

MATCHER_P(NearTo, expected, "") { return std::abs(arg - expected) < 1e-6; }

TEST(Sampler, AllOff_KeepsEverythingMostProbableFirst) {
  EXPECT_THAT(kept(off(), {.1, .4, .2, .3}), ElementsAre(1, 3, 2, 0));
  EXPECT_THAT(after(off(), {.1, .4, .2, .3}), ElementsAre(NearTo(.4), NearTo(.3), NearTo(.2), NearTo(.1)));
}

TEST(Sampler, TopK_KeepsTheMostProbable) {
  EXPECT_THAT(top_k(1, {.1, .2, .3, .4}), ElementsAre(3));
  EXPECT_THAT(top_k(3, {.1, .2, .3, .4}), ElementsAre(3, 2, 1));
  EXPECT_THAT(top_k(4, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(top_k(9, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(top_k(0, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
}

TEST(Sampler, TopKTies_LowerIdWins) {
  EXPECT_THAT(top_k(2, {.2, .3, .2, .3}), ElementsAre(1, 3));
  EXPECT_THAT(top_k(3, {.2, .3, .2, .3}), ElementsAre(1, 3, 0));
  EXPECT_THAT(top_k(2, {.25, .25, .25, .25}), ElementsAre(0, 1));
}

TEST(Sampler, TopP_KeepsTheSmallestSetThatReachesP) {
  EXPECT_THAT(top_p(1e-9, {.1, .2, .3, .4}), ElementsAre(3));
  EXPECT_THAT(top_p(.39, {.1, .2, .3, .4}), ElementsAre(3));
  EXPECT_THAT(top_p(.41, {.1, .2, .3, .4}), ElementsAre(3, 2));
  EXPECT_THAT(top_p(.69, {.1, .2, .3, .4}), ElementsAre(3, 2));
  EXPECT_THAT(top_p(.71, {.1, .2, .3, .4}), ElementsAre(3, 2, 1));
  EXPECT_THAT(top_p(.91, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(top_p(1, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
}

TEST(Sampler, TopPOfALargeVocabulary_MatchesASortOfAll) {
  std::vector<double> probabilities(5000);
  double sum = 0;
  Random random(3);
  for (double& p : probabilities) sum += p = 1e-4 + random.uniform();
  for (double& p : probabilities) p /= sum;
  std::vector<TokenId> sorted(probabilities.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  const std::vector<float> logits = logits_of(probabilities);
  std::stable_sort(sorted.begin(), sorted.end(), [&](TokenId a, TokenId b) { return logits[a] > logits[b]; });
  for (const double p : {.001, .03, .5, .9, .999}) {
    size_t count = 0;
    for (double reached = 0; reached < p; ++count) reached += probabilities[sorted[count]];
    std::vector<TokenId> expected(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
    EXPECT_EQ(top_p(p, probabilities), expected) << p;
  }
}

TEST(Sampler, MinP_KeepsWhatIsNearTheBest) {
  EXPECT_THAT(min_p(0, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(min_p(.24, {.1, .2, .3, .4}), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(min_p(.26, {.1, .2, .3, .4}), ElementsAre(3, 2, 1));
  EXPECT_THAT(min_p(.51, {.1, .2, .3, .4}), ElementsAre(3, 2));
  EXPECT_THAT(min_p(.76, {.1, .2, .3, .4}), ElementsAre(3));
  EXPECT_THAT(min_p(1, {.1, .2, .3, .4}), ElementsAre(3));
}

TEST(Sampler, Temperature_SharpensAndFlattens) {
  SamplerOptions options = off();
  options.temperature = .5;  // squares
  EXPECT_THAT(after(options, {.2, .8}), ElementsAre(NearTo(.64 / .68), NearTo(.04 / .68)));
  options.temperature = 2;  // square roots
  EXPECT_THAT(after(options, {.2, .8}), ElementsAre(NearTo(2. / 3), NearTo(1. / 3)));
}

TEST(Sampler, ExtremeTemperatures_StayFinite) {
  SamplerOptions options = off();
  options.temperature = std::numeric_limits<double>::denorm_min();
  EXPECT_THAT(after(options, {.2, .8}), ElementsAre(1, 0));
  options.temperature = 1e300;
  EXPECT_THAT(after(options, {.2, .8}), ElementsAre(NearTo(.5), NearTo(.5)));
}

// Each step sees what the one before left: with top-k 2 the best one holds 4/7, with heat first it would hold less.
TEST(Sampler, Chain_TruncatesBeforeItHeats) {
  SamplerOptions options{.temperature = 1e6, .top_k = 2, .top_p = .56, .min_p = 0};
  EXPECT_THAT(kept(options, {.1, .2, .3, .4}), ElementsAre(3));
  options.top_k = 0;
  EXPECT_THAT(kept(options, {.1, .2, .3, .4}), ElementsAre(3, 2));
  options.min_p = .8;
  EXPECT_THAT(kept(options, {.1, .2, .3, .4}), ElementsAre(3));
}

TEST(Sampler, Banned_AreNeverKept) {
  const Sampler sampler(off(), {3, 0, 3});
  const auto candidates = sampler.candidates(logits_of({.1, .2, .3, .4}));
  ASSERT_EQ(candidates.size(), 2u);
  EXPECT_EQ(candidates[0].id, 2);
  EXPECT_NEAR(candidates[0].probability, .6, 1e-6);
  EXPECT_EQ(candidates[1].id, 1);
  Random random(1);
  EXPECT_EQ(Sampler({.temperature = 0}, {3}).sample(logits_of({.1, .2, .3, .4}), random), 2);
}

TEST(Sampler, Greedy_TakesTheLowestOfTheBestWhateverElseIsSet) {
  const std::vector<float> logits = {1, 5, 2, 5, -3};
  for (const SamplerOptions& options :
       {SamplerOptions{0, 0, 1, 0}, SamplerOptions{0, 3, .1, 1}, SamplerOptions{0, 1, 1e-9, .05}}) {
    Random random(7);
    EXPECT_EQ(Sampler(options).sample(logits, random), 1);
    EXPECT_EQ(random.position(), 0u);
    EXPECT_THAT(Sampler(options).candidates(logits).size(), 1);
  }
}

TEST(Sampler, Sample_UsesOneUniform) {
  Random random(7), expected(7);
  Sampler({.temperature = 1, .top_k = 2, .top_p = .9, .min_p = .1}).sample(logits_of({.1, .2, .3, .4}), random);
  expected.uniform();
  EXPECT_EQ(random.position(), expected.position());
}

TEST(Sampler, EqualSeeds_DrawEqualTokens) {
  std::vector<TokenId> first, second;
  for (auto* const drawn : {&first, &second}) {
    Sampler sampler({.temperature = 1.2, .top_k = 0, .top_p = .95, .min_p = .01});
    Random random(11);
    for (int i = 0; i < 200; ++i) drawn->push_back(sampler.sample(logits_of({.1, .2, .3, .25, .15}), random));
  }
  EXPECT_EQ(first, second);
}

// Pearson's statistic against the probabilities after the chain; 3 degrees of freedom, p = 0.001 at 16.27.
TEST(Sampler, ManyDraws_FollowTheDistribution) {
  const SamplerOptions options{.temperature = .8, .top_k = 4, .top_p = 1, .min_p = .05};
  Sampler sampler(options);
  const std::vector<float> logits = logits_of({.05, .1, .02, .4, .3, .13});
  const auto candidates = sampler.candidates(logits);
  ASSERT_EQ(candidates.size(), 4u);
  constexpr int kDraws = 40000;
  std::vector<int> counts(logits.size());
  Random random(5);
  for (int i = 0; i < kDraws; ++i) ++counts[static_cast<size_t>(sampler.sample(logits, random))];
  double statistic = 0;
  int counted = 0;
  for (const auto& candidate : candidates) {
    const double expected = candidate.probability * kDraws;
    const int count = counts[static_cast<size_t>(candidate.id)];
    statistic += (count - expected) * (count - expected) / expected;
    counted += count;
  }
  EXPECT_EQ(counted, kDraws);
  EXPECT_LT(statistic, 16.27);
}

TEST(Sampler, MinusInfinity_IsNeverDrawn) {
  Sampler sampler(off());
  Random random(1);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(sampler.sample(std::vector<float>{-kInfinity, 2, -kInfinity}, random), 1);
}

TEST(Sampler, LogitsThatAreNoNumbers_AreANumericError) {
  Random random(1);
  for (const double temperature : {0., 1.}) {
    Sampler sampler({.temperature = temperature});
    EXPECT_THROW(sampler.sample(std::vector<float>{1, std::nanf(""), 2}, random), NumericError);
    EXPECT_THROW(sampler.sample(std::vector<float>{1, kInfinity, 2}, random), NumericError);
    EXPECT_THROW(sampler.sample(std::vector<float>{-kInfinity, -kInfinity}, random), NumericError);
    EXPECT_THROW(Sampler({.temperature = temperature}, {0, 1}).sample(std::vector<float>{1, 2}, random), NumericError);
  }
}

TEST(SamplerOptions, Validate_NamesEveryProblem) {
  EXPECT_NO_THROW(SamplerOptions{}.validate());
  EXPECT_THROW(Sampler(SamplerOptions{.top_p = 0}), ConfigError);
  try {
    SamplerOptions{std::nan(""), -1, 1.5, -0.1}.validate();
    FAIL() << "must throw";
  } catch (const ConfigError& error) {
    for (const char* const name : {"temperature", "top_k", "top_p", "min_p"})
      EXPECT_THAT(error.what(), HasSubstr(name));
    EXPECT_THAT(error.what(), HasSubstr("top_k must be 0 (off) or more, got -1;"));
  }
}

TEST(LogSoftmax, Probabilities_AddUpToOne) {
  std::vector<float> logits = {1000, 1001, 999, -kInfinity};
  EXPECT_NEAR(log_sum_exp(logits), 1001 + std::log(1 + std::exp(-1.) + std::exp(-2.)), 1e-9);
  log_softmax(logits);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit);
  EXPECT_NEAR(sum, 1, 1e-6);
  EXPECT_EQ(logits[3], -kInfinity);
}

}  // namespace
}  // namespace fude
