// Right operands of matrix products in panels of columns, as oneDNN's batch-reduce kernels and our own read them.
#pragma once

#include <cstddef>

#include "compute/bfloat16.h"
#include "compute/gemm.h"

namespace fude {

// (K,N) as [N / columns][depth / pair][columns][pair]: bfloat16 numbers go in pairs of K, as a product instruction
// takes two of each column at once; pair is 1 for floats.
struct PanelLayout {
  int columns = 0;  // of a panel; at most kMostPanelColumns
  int depth = 0;    // K, filled up

  size_t panel_size() const { return static_cast<size_t>(depth) * static_cast<size_t>(columns); }
  // Of all panels of `n` columns.
  size_t size(int n) const { return static_cast<size_t>((n + columns - 1) / columns) * panel_size(); }
};
constexpr int kMostPanelColumns = 64;

// op(part) becomes the rows from k on and the columns from n on. k is even, and the rows are an even number or the
// last. What belongs to nothing of a (K,N) is left as it is.
template <class Store, class Source>
void put_in_panels(const PanelLayout& layout, Transpose transpose, MatrixView<const Source> part, int k, int n,
                   Store* panels);

// Fills with zeros what belongs to nothing of a (k_size, n_size).
template <class Store>
void clear_padding(const PanelLayout& layout, int k_size, int n_size, Store* panels);

}  // namespace fude
