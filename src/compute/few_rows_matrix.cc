#include "compute/few_rows_matrix.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

#include "compute/kernels/few_rows.h"

namespace fude {

void FewRowsMatrix::lay_out(int k, int n) {
  layout_ = {kFewRowsColumns, k};
  panels_ = static_cast<float*>(buffer_.make_room(layout_.size(n) * sizeof(float)));
  clear_padding(layout_, k, n, panels_);
}

void FewRowsMatrix::put(Transpose transpose, MatrixView<const float> part, int k, int n) {
  put_in_panels(layout_, transpose, part, k, n, panels_);
}

void FewRowsMatrix::multiply(MatrixView<const float> a, float beta, MatrixView<float> dst) const {
  assert(a.cols == layout_.depth);
  thread_local std::vector<float> turned;
  turned.resize(std::max(turned.size(), static_cast<size_t>(a.rows) * static_cast<size_t>(a.cols)));
  multiply_few_rows(a, panels_, beta != 0, dst, turned.data());
}

}  // namespace fude
