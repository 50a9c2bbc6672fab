// How well the characters before it tell the next one.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fude/base/random.h"

namespace fude {

// Takes a text and keeps blocks of it, chosen by reservoir sampling (Vitter 1985), each as likely as any other: 4 bytes
// a character kept.
class NgramEntropy {
 public:
  // Keeps at most so many characters, in blocks of `block`.
  explicit NgramEntropy(int64_t characters, int64_t block = 1 << 15);

  void add(std::string_view text);

  // Bits a character for n from 1 to `longest`: the entropy of n-grams less that of (n-1)-grams. Empty without text.
  std::vector<double> bits(int longest) const;
  int64_t characters() const { return static_cast<int64_t>(kept_.size() + current_.size()); }

 private:
  void end_block();

  size_t block_;
  size_t blocks_kept_;
  std::vector<char32_t> kept_;     // whole blocks
  std::vector<char32_t> current_;  // the block that is being read
  int64_t blocks_seen_ = 0;
  Random random_{/*seed=*/1};
};

}  // namespace fude
