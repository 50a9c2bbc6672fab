#include "data/ngram_entropy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <span>

#include "base/parallel.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// What `values`, which are some of `all` and sorted here, add to the bits of a draw from all.
double part_of_entropy(std::span<uint64_t> values, double all) {
  std::sort(values.begin(), values.end());
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

// Bits of a draw from the values, each as likely as it is frequent. Reorders them: by their highest bits into shares of
// the work, which is to sort them.
double entropy_of(std::vector<uint64_t>& values) {
  constexpr uint64_t kShares = 8;
  constexpr int kShift = 64 - std::countr_zero(kShares);
  std::array<size_t, kShares + 1> begins{};
  for (uint64_t k = 0; k < kShares; ++k) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(begins[k]);
    const auto end = std::partition(begin, values.end(), [k](uint64_t value) { return value >> kShift == k; });
    begins[k + 1] = static_cast<size_t>(end - values.begin());
  }
  std::array<double, kShares> bits{};
  parallel_for(static_cast<int>(kShares), [&](int share) {
    const auto k = static_cast<size_t>(share);
    bits[k] = part_of_entropy(std::span(values).subspan(begins[k], begins[k + 1] - begins[k]),
                              static_cast<double>(values.size()));
  });
  return std::accumulate(bits.begin(), bits.end(), 0.0);
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
