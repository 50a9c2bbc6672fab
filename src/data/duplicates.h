// Exact duplicates, found by 16-byte keys however many there are.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/hash.h"
#include "data/external_sort.h"

namespace fude {

// Told a key for each item, in order, tells which items are repetitions of an earlier one. Keys are XXH3-128: among
// 10^12 different items the chance of one false repetition is below 10^-14. Memory: `memory` bytes in all, 24 of them
// a key; beyond that keys go to sorted runs in a temporary file.
class DuplicateFinder {
 public:
  DuplicateFinder(size_t memory, std::filesystem::path folder)
      : keys_(memory / 2, folder), repetitions_(memory / 2, std::move(folder)) {}

  void add(const Hash128& key) { keys_.add({key, items_++}); }
  // An item that is never a repetition.
  void skip() { ++items_; }

  // The numbers of the items that repeat an earlier one, counted from 0, sorted: call next() on it. Once, at the end.
  ExternalSort<uint64_t>& find() {
    keys_.sort();
    Item first{};
    bool any = false;
    for (Item item{}; keys_.next(item);) {
      if (any && item.key == first.key) {
        repetitions_.add(item.number);
      } else {
        first = item;
        any = true;
      }
    }
    repetitions_.sort();
    return repetitions_;
  }

  size_t runs() const { return keys_.runs(); }

 private:
  struct Item {
    Hash128 key;
    uint64_t number = 0;
    auto operator<=>(const Item&) const = default;
  };

  ExternalSort<Item> keys_;
  ExternalSort<uint64_t> repetitions_;
  uint64_t items_ = 0;
};

}  // namespace fude
