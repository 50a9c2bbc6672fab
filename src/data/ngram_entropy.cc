#include "data/ngram_entropy.h"

#include <algorithm>
#include <cmath>

#include "fude/text/unicode.h"

namespace fude {
namespace {

// Bits of a draw from the values, each as likely as it is frequent. Sorts them.
double entropy_of(std::vector<uint64_t>& values) {
  std::sort(values.begin(), values.end());
  const auto all = static_cast<double>(values.size());
  double bits = 0;
  for (size_t begin = 0; begin < values.size();) {
    size_t end = begin;
    while (end < values.size() && values[end] == values[begin]) ++end;
    const double share = static_cast<double>(end - begin) / all;
    bits -= share * std::log2(share);
    begin = end;
  }
  return bits;
}

// Mixes one more character into the hash of an n-gram (the finalizer of SplitMix64).
uint64_t extended(uint64_t hash, char32_t c) {
  hash = (hash ^ c) + 0x9E3779B97F4A7C15U;
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9U;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBU;
  return hash ^ (hash >> 31);
}

}  // namespace

NgramEntropy::NgramEntropy(int64_t characters, int64_t block)
    : block_(static_cast<size_t>(block)), blocks_kept_(static_cast<size_t>(std::max<int64_t>(1, characters / block))) {}

void NgramEntropy::add(std::string_view text) {
  for (size_t offset = 0; offset < text.size();) {
    current_.push_back(next_code_point(text, offset));
    if (current_.size() == block_) end_block();
  }
}

void NgramEntropy::end_block() {
  ++blocks_seen_;
  if (kept_.size() < blocks_kept_ * block_) {
    kept_.insert(kept_.end(), current_.begin(), current_.end());
  } else if (const uint64_t place = random_.below(static_cast<uint64_t>(blocks_seen_)); place < blocks_kept_) {
    std::copy(current_.begin(), current_.end(), kept_.begin() + static_cast<std::ptrdiff_t>(place * block_));
  }
  current_.clear();
}

std::vector<double> NgramEntropy::bits(int longest) const {
  std::vector<char32_t> text = kept_;
  text.insert(text.end(), current_.begin(), current_.end());
  std::vector<double> bits;
  std::vector<uint64_t> hashes(text.size());  // of the n-gram that ends here
  std::vector<uint64_t> counted;
  double shorter = 0;
  for (int n = 1; n <= longest && static_cast<size_t>(n) <= text.size(); ++n) {
    for (size_t i = text.size(); i-- > 0;) hashes[i] = extended(i > 0 && n > 1 ? hashes[i - 1] : 0, text[i]);
    counted.assign(hashes.begin() + (n - 1), hashes.end());
    const double whole = entropy_of(counted);
    bits.push_back(std::max(0.0, whole - shorter));
    shorter = whole;
  }
  return bits;
}

}  // namespace fude
