#include "fude/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace fude {
namespace {

// The published vectors of philox4x32-10: counter words, key words, result.
TEST(Philox, KnownAnswers) {
  struct Case {
    uint64_t counter_low, counter_high, key;
    std::array<uint32_t, 4> expected;
  };
  const std::vector<Case> cases = {
      {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {0x85a308d3243f6a88, 0x0370734413198a2e, 0x299f31d0a4093822, {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  for (const Case& c : cases) EXPECT_EQ(philox(c.key, c.counter_high, c.counter_low), c.expected);
}

TEST(Random, Seek_ContinuesTheSequence) {
  Random random(7, 3);
  for (int i = 0; i < 5; ++i) random.next_u32();
  const uint64_t place = random.position();
  EXPECT_EQ(place, 5u);
  const std::vector<double> expected = {random.uniform(), random.normal(), static_cast<double>(random.below(1000))};
  Random other(7, 3);
  other.seek(place);
  const std::vector<double> actual = {other.uniform(), other.normal(), static_cast<double>(other.below(1000))};
  EXPECT_EQ(actual, expected);
}

TEST(Random, NextU32_GivesPhiloxWordsInOrder) {
  Random random(11, 5);
  for (uint64_t counter = 0; counter < 3; ++counter) {
    for (const uint32_t word : philox(11, 5, counter)) EXPECT_EQ(random.next_u32(), word);
  }
}

TEST(Random, SeedsAndStreams_GiveDifferentSequences) {
  std::set<uint64_t> first;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    for (uint64_t stream = 0; stream < 10; ++stream) first.insert(Random(seed, stream).next_u64());
  }
  EXPECT_EQ(first.size(), 100u);
}

TEST(Random, Uniform_CoversTheUnitInterval) {
  Random random(1);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
}

TEST(Random, Normal_HasTheMomentsOfTheStandardNormal) {
  Random random(2);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0, fourths = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.02);
  EXPECT_NEAR(squares / kDraws, 1, 0.03);
  EXPECT_NEAR(fourths / kDraws, 3, 0.2);
}

TEST(Random, Below_IsEvenAndInRange) {
  Random random(3);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts.at(random.below(7));
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - 10000.0) * (count - 10000.0) / 10000.0;
  EXPECT_LT(chi_square, 22.5);  // 6 degrees of freedom: exceeded once in a thousand seeds
  EXPECT_EQ(random.below(1), 0u);
  EXPECT_LT(random.below(~uint64_t{0}), ~uint64_t{0});
}

TEST(DeriveSeed, Purposes_GiveDifferentSeedsBelow53Bits) {
  std::set<uint64_t> seeds;
  for (const char* purpose : {"", "a", "b", "ab", "ba", "dropout", "dropouts"}) {
    for (uint64_t seed = 0; seed < 20; ++seed) seeds.insert(derive_seed(seed, purpose));
  }
  EXPECT_EQ(seeds.size(), 7u * 20u);
  EXPECT_LT(*seeds.rbegin(), uint64_t{1} << 53);
  EXPECT_EQ(derive_seed(1, "dropout"), derive_seed(1, "dropout"));
  EXPECT_NE(derive_seed(1, uint64_t{4}), derive_seed(1, uint64_t{5}));
}

TEST(RandomSeed, Draws_DifferAndFitAJsonNumber) {
  std::set<uint64_t> seeds;
  for (int i = 0; i < 50; ++i) seeds.insert(random_seed());
  EXPECT_EQ(seeds.size(), 50u);
  EXPECT_LT(*seeds.rbegin(), uint64_t{1} << 53);
}

}  // namespace
}  // namespace fude
