// A dense row-major matrix that somebody else owns.
#pragma once

#include <type_traits>

namespace fude {

template <class T>
struct MatrixView {
  T* data = nullptr;
  int rows = 0;
  int cols = 0;
  int stride = 0;  // elements from one row to the next

  MatrixView() = default;
  MatrixView(T* data_, int rows_, int cols_) : MatrixView(data_, rows_, cols_, cols_) {}
  MatrixView(T* data_, int rows_, int cols_, int stride_) : data(data_), rows(rows_), cols(cols_), stride(stride_) {}
  // A view that reads is made from one that writes.
  template <class U, class = std::enable_if_t<std::is_same_v<const U, T>>>
  MatrixView(const MatrixView<U>& other) : MatrixView(other.data, other.rows, other.cols, other.stride) {}
};

}  // namespace fude
