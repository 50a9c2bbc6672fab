// Products whose left operand has few rows: those of a recurrent state with its weights, when the batch is small.
//
// oneDNN holds four vectors of columns and six rows in registers at a time, and reads the weights again for the next
// six. Here it is one vector of columns and, with AVX-512, 28 rows (6 with AVX2): there each weight is read once, in the
// order in which it lies, and asked for long before.
#pragma once

#include <cstddef>

#include "compute/matrix.h"

namespace fude {

// The right operand (K,N) lies in panels of so many columns; see PanelLayout.
constexpr int kFewRowsColumns = 16;

// dst (M,N) = a (M,K) · panels (K,N), added to dst where `add`. `turned` has room for (K,M). Each element is the sum
// over K in order, so that its bits depend on nothing else.
void multiply_few_rows(MatrixView<const float> a, const float* panels, bool add, MatrixView<float> dst, float* turned);

}  // namespace fude
