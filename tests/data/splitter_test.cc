#include "data/splitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "data/documents.h"
#include "fude/base/error.h"

namespace fude {
namespace {

using Counts = std::vector<uint64_t>;

TEST(SplitCounts, Shares_AreRoundedAndNoneIsEmpty) {
  const std::vector<double> shares = {0.8, 0.1, 0.1};
  EXPECT_EQ(split_counts(100, shares), (Counts{80, 10, 10}));
  EXPECT_EQ(split_counts(3, shares), (Counts{1, 1, 1}));
  EXPECT_EQ(split_counts(5, shares), (Counts{3, 1, 1}));
  EXPECT_EQ(split_counts(15, std::vector{0.5, 0.5}), (Counts{8, 7}));
  for (uint64_t n = 3; n < 200; ++n) {
    const Counts counts = split_counts(n, shares);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), uint64_t{0}), n);
  }
}

TEST(SplitCounts, FewerDocumentsThanParts_IsDataError) {
  EXPECT_THROW(split_counts(2, std::vector{0.8, 0.1, 0.1}), DataError);
}

struct Divided {
  std::vector<Documents> parts;
  std::vector<int64_t> documents;
};

Divided divided(size_t documents, const Counts& counts, uint64_t seed) {
  Divided result{std::vector<Documents>(counts.size()), {}};
  std::vector<DocumentSink*> sinks;
  for (Documents& part : result.parts) sinks.push_back(&part);
  std::vector<std::vector<std::string>> drawn(counts.size());
  PartDraw draw(counts, seed);
  for (size_t i = 0; i < documents; ++i) drawn[draw.next()].push_back(std::to_string(1000 + i));
  Splitter splitter(counts, sinks);
  for (const auto& part : drawn) feed(splitter, part);
  result.documents = splitter.documents();
  return result;
}

TEST(Splitter, Documents_AreAllGivenAwayInTheirOrder) {
  const Divided result = divided(100, {80, 10, 10}, 1);
  EXPECT_EQ(result.documents, (std::vector<int64_t>{80, 10, 10}));
  std::vector<std::string> all;
  for (const Documents& part : result.parts) {
    EXPECT_TRUE(std::is_sorted(part.all.begin(), part.all.end()));
    all.insert(all.end(), part.all.begin(), part.all.end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
  EXPECT_EQ(all.size(), 100U);
}

TEST(Splitter, Seed_Decides) {
  EXPECT_EQ(divided(50, {40, 10}, 1).parts[1].all, divided(50, {40, 10}, 1).parts[1].all);
  EXPECT_NE(divided(50, {40, 10}, 1).parts[1].all, divided(50, {40, 10}, 2).parts[1].all);
}

TEST(Splitter, EveryDocument_IsAsLikelyInAPart) {
  std::vector<int> held_out(10);
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const Divided result = divided(10, {8, 2}, seed);
    for (const std::string& document : result.parts[1].all) ++held_out[std::stoul(document) - 1000];
  }
  for (const int times : held_out) EXPECT_NEAR(times, 400, 5 * 18) << "2000 draws with a chance of 0.2";
}

}  // namespace
}  // namespace fude
