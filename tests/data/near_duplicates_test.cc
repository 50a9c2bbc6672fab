#include "data/near_duplicates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "data/documents.h"
#include "fude/base/error.h"
#include "fude/base/random.h"

namespace fude {
namespace {

std::string random_words(uint64_t seed, int words) {
  Random random(seed);
  std::string text;
  for (int i = 0; i < words; ++i) {
    for (int letter = 0; letter < 6; ++letter) text += static_cast<char>('a' + random.below(26));
    text += ' ';
  }
  return text;
}

// `text` with every n-th word another one.
std::string changed(const std::string& text, int n) {
  std::string copy = text;
  for (size_t at = 0, word = 0; at < copy.size(); at += 7, ++word) {
    if (word % static_cast<size_t>(n) == 0) copy[at] = '#';
  }
  return copy;
}

Signature signature_of(const std::string& text, ShingleUnit unit = ShingleUnit::kCharacter, size_t characters = 0) {
  MinHash hash(unit);
  Signature signature{};
  for (std::string_view rest = text; !rest.empty();) {
    const size_t size = characters == 0 ? rest.size() : code_point_offset(rest, characters);
    hash.update(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  EXPECT_TRUE(hash.finish(signature));
  return signature;
}

// The share of shingles that two texts of single-byte characters have in common.
double exact_similarity(const std::string& a, const std::string& b) {
  std::set<std::string> of_a;
  std::set<std::string> of_b;
  for (size_t i = 0; i + 10 <= a.size(); ++i) of_a.insert(a.substr(i, 10));
  for (size_t i = 0; i + 10 <= b.size(); ++i) of_b.insert(b.substr(i, 10));
  size_t both = 0;
  for (const std::string& shingle : of_a) both += of_b.count(shingle);
  return static_cast<double>(both) / static_cast<double>(of_a.size() + of_b.size() - both);
}

TEST(MinHash, Estimate_IsNearTheExactShare) {
  for (const int words : {30, 300, 3000}) {
    const std::string text = random_words(1, words);
    for (const int n : {4, 10, 40}) {
      const std::string other = changed(text, n);
      EXPECT_NEAR(similarity(signature_of(text), signature_of(other)), exact_similarity(text, other), 4 * 0.045)
          << words << " words, each " << n << "th changed";
    }
    EXPECT_LT(similarity(signature_of(text), signature_of(random_words(2, words))), 0.1);
  }
}

TEST(MinHash, PiecesAndLayout_DoNotMatter) {
  const std::string text = "The sea was calm, and\nthe boat lay on it. No one on the shore saw the boat leave.";
  for (const ShingleUnit unit : {ShingleUnit::kCharacter, ShingleUnit::kWord}) {
    EXPECT_EQ(signature_of(text, unit), signature_of(text, unit, 1));
    EXPECT_EQ(signature_of(text, unit), signature_of("  " + text + " \n", unit));
  }
  EXPECT_EQ(signature_of("one  two\n\nthree"), signature_of("one two three"));
}

TEST(MinHash, ShortAndBlankTexts_AreTaken) {
  EXPECT_EQ(signature_of("cat"), signature_of("cat"));
  EXPECT_NE(signature_of("cat"), signature_of("dog"));
  MinHash hash(ShingleUnit::kCharacter);
  hash.update(" \n");
  Signature signature{};
  EXPECT_FALSE(hash.finish(signature));
}

TEST(ChooseBands, AlikeTexts_AreBroughtTogether) {
  for (const double threshold : {0.1, 0.5, 0.8, 0.95, 1.0}) {
    const Bands bands = choose_bands(threshold);
    EXPECT_LE(bands.count * bands.rows, 128);
    EXPECT_GE(1 - std::pow(1 - std::pow(threshold, bands.rows), bands.count), 0.97) << threshold;
  }
  EXPECT_EQ(choose_bands(0.8).rows, 7);
  EXPECT_EQ(choose_bands(1.0).rows, 128);
}

TEST(NearDuplicates, AnyMemory_FindsLaterOnesThatStandNearOneThatStays) {
  std::vector<std::string> documents;
  for (uint64_t i = 0; i < 20; ++i) documents.push_back(random_words(100 + i, 200));
  documents.push_back(changed(documents[3], 60));
  documents.push_back(documents[7]);
  documents.push_back(changed(documents[3], 3));  // too far
  documents.push_back(changed(documents[7], 90));
  for (const size_t memory : {size_t{1} << 20, size_t{64}}) {
    NearDuplicates near(0.7, ShingleUnit::kCharacter, memory, {});
    feed(near, documents);
    EXPECT_EQ(numbers_of(near.find()), (std::vector<uint64_t>{20, 21, 23})) << memory;
  }
}

TEST(ParseShingleUnit, UnknownWord_IsConfigError) { EXPECT_THROW(parse_shingle_unit("line"), ConfigError); }

}  // namespace
}  // namespace fude
