// The distinct symbols of a window: what depends on a symbol alone is computed once for all of its places.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fude {

class WindowSymbols {
 public:
  // Symbols are multiplied so many at a time, the last of them rows of zeros where need be: their number is another in
  // each window, and oneDNN makes code anew for every number of rows.
  static constexpr int kBlock = 32;

  // The most rows() that are worth it: three for four places. Buffers of so many hold the symbols of any window.
  static size_t most_rows(int vocab_size, size_t places) {
    return std::min(rows_of(static_cast<size_t>(vocab_size)), places * 3 / 4 / kBlock * kBlock);
  }
  // Of a window's (T,B) ids, each of 0..vocab_size-1.
  void find(std::span<const int32_t> ids, int vocab_size);

  // (D) ascending.
  std::span<const int32_t> ids() const { return ids_; }
  int count() const { return static_cast<int>(ids_.size()); }
  // Rows of whole blocks that hold them.
  int rows() const { return static_cast<int>(rows_of(ids_.size())); }
  // (T,B): which of them stands at a place.
  const int32_t* index() const { return index_.data(); }
  // Where the one of this row stands, ascending; nowhere beyond count().
  std::span<const int32_t> places(int row) const {
    const auto end = static_cast<size_t>(row);
    const auto begin = static_cast<size_t>(row == 0 ? 0 : ends_[end - 1]);
    return std::span(places_).subspan(begin, static_cast<size_t>(ends_[end]) - begin);
  }

 private:
  static size_t rows_of(size_t symbols) { return (symbols + kBlock - 1) / kBlock * kBlock; }

  std::vector<int32_t> ids_, index_, places_;
  std::vector<int32_t> ends_;       // (rows) of each one's places
  std::vector<int32_t> of_symbol_;  // (V) its number of places, then which of the distinct ones it is
};

}  // namespace fude
