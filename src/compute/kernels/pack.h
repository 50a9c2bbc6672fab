// A right operand of bfloat16 numbers in panels of columns, as oneDNN's batch-reduce kernels read it.
#pragma once

#include "compute/bfloat16.h"
#include "compute/gemm.h"

namespace fude {

// Columns of a panel.
constexpr int kPanelColumns = 64;

// op(b) (K,N) → dst [N / 64][K / 2][64][2]: a product instruction takes two numbers of each column at once. K is filled
// up with zeros to `depth`, an even number, and N to whole panels.
void pack_panels(Transpose transpose, MatrixView<const BFloat16> b, int depth, BFloat16* dst);

}  // namespace fude
