// Documents that are almost an earlier one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/hash.h"
#include "base/temporary_file.h"
#include "data/external_sort.h"
#include "data/min_hash.h"
#include "fude/data/document_sink.h"

namespace fude {

// How a signature is cut for locality-sensitive hashing: texts that agree on all rows of any band are compared.
struct Bands {
  int count = 0;
  int rows = 0;
};
// The longest bands that still bring together 97 % of the texts that are exactly as alike as `threshold`.
Bands choose_bands(double threshold);

// Takes documents; then tells which are at least `threshold` like an earlier one that stays. Of the documents that
// agree on a band each is compared with the first eight. Memory: `memory` bytes in all and one bit a document;
// signatures (512 bytes a document) and what does not fit lie in temporary files.
class NearDuplicates : public DocumentSink {
 public:
  NearDuplicates(double threshold, ShingleUnit unit, size_t memory, std::filesystem::path folder);
  void text(std::string_view piece) override { min_hash_.update(piece); }
  void end_document() override;

  // The numbers of the documents that repeat an earlier one, counted from 0, sorted: call next() on it. Once, at the
  // end.
  ExternalSort<uint64_t>& find();

 private:
  struct BandKey {
    Hash128 key;
    uint64_t document = 0;
    auto operator<=>(const BandKey&) const = default;
  };
  struct Pair {
    uint64_t later = 0;
    uint64_t earlier = 0;
    auto operator<=>(const Pair&) const = default;
  };
  void pair_up();
  Signature signature(uint64_t document) const;

  double threshold_;
  Bands bands_;
  MinHash min_hash_;
  TemporaryFile signatures_;
  ExternalSort<BandKey> keys_;
  ExternalSort<Pair> pairs_;
  ExternalSort<uint64_t> repetitions_;
  uint64_t documents_ = 0;
};

}  // namespace fude
