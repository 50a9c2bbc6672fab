#include "data/near_duplicates.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

namespace fude {
namespace {

constexpr size_t kCompared = 8;
constexpr double kBroughtTogether = 0.97;

std::string_view as_text(std::span<const uint32_t> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

}  // namespace

Bands choose_bands(double threshold) {
  constexpr int kBins = std::tuple_size_v<Signature>;
  Bands best{kBins, 1};
  for (int rows = 2; rows <= kBins; ++rows) {
    const int count = kBins / rows;
    const double missed = std::pow(1 - std::pow(threshold, rows), count);
    if (1 - missed >= kBroughtTogether) best = {count, rows};
  }
  return best;
}

NearDuplicates::NearDuplicates(double threshold, ShingleUnit unit, size_t memory, std::filesystem::path folder)
    : threshold_(threshold),
      bands_(choose_bands(threshold)),
      min_hash_(unit),
      signatures_(folder),
      keys_(memory / 2, folder),
      pairs_(memory / 4, folder),
      repetitions_(memory / 4, folder) {}

void NearDuplicates::end_document() {
  Signature signature;
  if (min_hash_.finish(signature)) {
    std::vector<uint32_t> band(1 + static_cast<size_t>(bands_.rows));
    for (int b = 0; b < bands_.count; ++b) {
      band[0] = static_cast<uint32_t>(b);
      std::copy_n(signature.begin() + b * bands_.rows, bands_.rows, band.begin() + 1);
      keys_.add({hash128(as_text(band)), documents_});
    }
  }
  signatures_.append(as_text(signature));
  ++documents_;
}

void NearDuplicates::pair_up() {
  keys_.sort();
  Hash128 key;
  std::vector<uint64_t> first;  // documents of this key
  for (BandKey next; keys_.next(next);) {
    if (next.key != key) first.clear();
    key = next.key;
    for (const uint64_t earlier : first) pairs_.add({next.document, earlier});
    if (first.size() < kCompared) first.push_back(next.document);
  }
  pairs_.sort();
}

Signature NearDuplicates::signature(uint64_t document) const {
  Signature signature;
  signatures_.read(document * sizeof signature, {reinterpret_cast<char*>(signature.data()), sizeof signature});
  return signature;
}

ExternalSort<uint64_t>& NearDuplicates::find() {
  pair_up();
  std::vector<bool> gone(documents_);
  Pair last{};
  for (Pair pair; pairs_.next(pair); last = pair) {
    if (pair == last || gone[pair.later] || gone[pair.earlier]) continue;
    if (similarity(signature(pair.later), signature(pair.earlier)) < threshold_) continue;
    gone[pair.later] = true;
    repetitions_.add(pair.later);
  }
  repetitions_.sort();
  return repetitions_;
}

}  // namespace fude
