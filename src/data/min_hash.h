// How alike two texts are, from a few numbers of each: MinHash (Broder, "On the resemblance and containment of
// documents", 1997) in the form that hashes each shingle once (Li, Owen & Zhang, "One permutation hashing", NIPS 2012),
// with empty bins filled by Shrivastava's "Optimal densification for fast and accurate minwise hashing" (ICML 2017).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

// The least hash of each bin.
using Signature = std::array<uint32_t, 128>;

// An estimate of the shingles that two texts share, of those that either has; its standard error is at most 0.045.
double similarity(const Signature& a, const Signature& b);

// What a shingle is made of. White space only separates: layout does not matter.
enum class ShingleUnit { kCharacter, kWord };

// ConfigError for another word than char, word.
ShingleUnit parse_shingle_unit(std::string_view name);

// Takes a text piece by piece. A shingle is 10 characters or 5 words in a row, or all of a text that has fewer.
class MinHash {
 public:
  explicit MinHash(ShingleUnit unit) : unit_(unit), length_(unit == ShingleUnit::kWord ? 5 : 10) { reset(); }

  void update(std::string_view piece);
  // Of all since the last call; false when that was no text but white space.
  bool finish(Signature& signature);

 private:
  void reset();
  void end_word();
  void add_unit(uint32_t unit);
  void add_shingle();
  void fill_empty_bins();

  ShingleUnit unit_;
  size_t length_;                // units in a shingle
  std::vector<uint32_t> units_;  // the last ones: characters, or hashes of words
  std::string word_;
  bool after_space_ = true;
  bool any_ = false;
  Signature signature_;
};

}  // namespace fude
