// Products of bfloat16 numbers by a processor's tile unit (Intel's AMX): one instruction adds 32 products to each of
// sixteen by sixteen sums.
#pragma once

#include <cstddef>

#include "compute/bfloat16.h"
#include "compute/kernels/pack.h"
#include "compute/matrix.h"

namespace fude {

// Whether processor and system let this process use tiles; asks the system for it the first time.
bool tiles_available();

constexpr int kTileRows = 16;     // of the left operand, and of sums
constexpr int kTileColumns = 16;  // of the right operand, which lies in panels of so many, and of sums
constexpr int kTileDepth = 32;    // of K: what is called depth is a multiple of it

// The left operand a (M,K) as [M / 16][depth / 32][16][32], zeros behind K. Rows behind M are left as they are.
void put_in_tiles(MatrixView<const BFloat16> a, int depth, BFloat16* tiles);

// dst (M,N) = the left operand (M, depth) in `tiles` · rows k to k + depth of the right one in `panels`, added to dst
// where `add`. k is a multiple of kTileDepth; what fills the panels up is zero (clear_padding). Each element is summed
// up over K in order, so that its bits depend neither on other elements nor on how K is cut.
void multiply_tiles(const BFloat16* tiles, int depth, const PanelLayout& layout, const BFloat16* panels, int k,
                    bool add, MatrixView<float> dst);

}  // namespace fude
