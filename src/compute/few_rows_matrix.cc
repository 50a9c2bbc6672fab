#include "compute/few_rows_matrix.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>

#include "compute/kernels/few_rows.h"

namespace fude {

void FewRowsMatrix::lay_out(int k, int n) {
  constexpr size_t kAlignment = 64;
  layout_ = {kFewRowsColumns, k};
  const auto panels = static_cast<size_t>((n + kFewRowsColumns - 1) / kFewRowsColumns);
  const size_t size = panels * static_cast<size_t>(k) * kFewRowsColumns;
  buffer_.resize(std::max(buffer_.size(), size + kAlignment / sizeof(float)));
  void* aligned = buffer_.data();
  size_t room = buffer_.size() * sizeof(float);
  panels_ = static_cast<float*>(std::align(kAlignment, size * sizeof(float), aligned, room));
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
