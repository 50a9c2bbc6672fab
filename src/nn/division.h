// How work is cut into parts.
#pragma once

#include <algorithm>
#include <cstdint>

namespace fude {

// begin..end-1: of a batch's rows, a layer's units, ...
struct Range {
  int begin = 0, end = 0;
  int size() const { return end - begin; }
};

// Part `part` of `parts` of 0..size-1.
inline Range part_of(int size, int parts, int part) {
  return {static_cast<int>(int64_t{size} * part / parts), static_cast<int>(int64_t{size} * (part + 1) / parts)};
}

// The same in whole runs of kTile, but for the last one: products of bfloat16 numbers on AMX take half as long again
// over rows, and depths, that are no multiples of their tiles. Longer parts come first: threads that take one after the
// other end together.
constexpr int kTile = 32;
inline Range part_in_tiles(int size, int parts, int part) {
  const int tiles = (size + kTile - 1) / kTile;
  const auto begin = [&](int k) { return std::min(size, (tiles / parts * k + std::min(tiles % parts, k)) * kTile); };
  return {begin(part), begin(part + 1)};
}

// Parts of at most `each`.
inline int parts_of(int size, int each) { return (size + each - 1) / each; }

// A thread with fewer rows of a batch than these computes its products too slowly to be worth it.
constexpr int kLeastRows = 8;

}  // namespace fude
