#include "data/min_hash.h"

#include <algorithm>
#include <span>

#include "base/hash.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr uint32_t kEmpty = UINT32_MAX;
constexpr int kBinBits = 7;
static_assert(std::tuple_size_v<Signature> == size_t{1} << kBinBits);
constexpr size_t kUnitsHeld = 4096;
constexpr size_t kLongestWord = 1024;  // bytes; a longer one counts as several

}  // namespace

double similarity(const Signature& a, const Signature& b) {
  size_t equal = 0;
  for (size_t bin = 0; bin < a.size(); ++bin) equal += a[bin] == b[bin] ? 1 : 0;
  return static_cast<double>(equal) / static_cast<double>(a.size());
}

ShingleUnit parse_shingle_unit(std::string_view name) {
  if (name == "char") return ShingleUnit::kCharacter;
  if (name == "word") return ShingleUnit::kWord;
  throw ConfigError("near duplicates are found by char or word, got \"" + std::string(name) + "\"");
}

void MinHash::update(std::string_view piece) {
  for (size_t offset = 0; offset < piece.size();) {
    const size_t begin = offset;
    const char32_t c = next_code_point(piece, offset);
    const bool space = is_white_space(c);
    if (unit_ == ShingleUnit::kWord) {
      if (!space) word_ += piece.substr(begin, offset - begin);
      if (space || word_.size() >= kLongestWord) end_word();
    } else if (!space) {
      add_unit(c);
    } else if (!after_space_) {
      add_unit(U' ');
    }
    after_space_ = space;
  }
}

void MinHash::end_word() {
  if (!word_.empty()) add_unit(static_cast<uint32_t>(hash64(word_)));
  word_.clear();
}

void MinHash::add_unit(uint32_t unit) {
  if (units_.size() == kUnitsHeld) units_.erase(units_.begin(), units_.end() - static_cast<std::ptrdiff_t>(length_));
  units_.push_back(unit);
  if (units_.size() >= length_) add_shingle();
}

void MinHash::add_shingle() {
  const std::span<const uint32_t> all(units_);
  const uint64_t hash = hash64(std::as_bytes(all.last(std::min(length_, all.size()))));
  uint32_t& least = signature_[hash >> (64 - kBinBits)];
  least = std::min({least, static_cast<uint32_t>(hash), kEmpty - 1});
  any_ = true;
}

bool MinHash::finish(Signature& signature) {
  end_word();
  if (!units_.empty() && units_.back() == U' ' && unit_ == ShingleUnit::kCharacter) units_.pop_back();
  if (!any_ && !units_.empty()) add_shingle();
  const bool any = any_;
  if (any) fill_empty_bins();
  signature = signature_;
  reset();
  return any;
}

// Each empty bin takes the value of a full one that chance, the same in every text, chose for it.
void MinHash::fill_empty_bins() {
  const Signature full = signature_;
  for (size_t bin = 0; bin < full.size(); ++bin) {
    size_t from = bin;
    for (uint64_t attempt = 0; full[from] == kEmpty; ++attempt)
      from = philox(bin, /*stream=*/0, attempt)[0] >> (32 - kBinBits);
    signature_[bin] = full[from];
  }
}

void MinHash::reset() {
  units_.clear();
  word_.clear();
  after_space_ = true;
  any_ = false;
  signature_.fill(kEmpty);
}

}  // namespace fude
