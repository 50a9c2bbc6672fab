#include "compute/kernels/pointwise.h"

#include <algorithm>
#include <cmath>

#include "compute/kernels/rows.h"
#include "fude/base/random.h"

namespace fude {

template <class Real>
void add_bias(int rows, int cols, const Real* bias, Real* matrix) {
  for (int row = 0; row < rows; ++row)
    Row<Real>(matrix + static_cast<size_t>(row) * cols, cols) += ConstRow<Real>(bias, cols);
}

template <class Real, class Store>
void add_column_sums(MatrixView<const Store> matrix, Real* sums) {
  for (int row = 0; row < matrix.rows; ++row)
    Row<Real>(sums, matrix.cols) += ConstRow<Real>(matrix.data + static_cast<size_t>(row) * matrix.stride, matrix.cols);
}

template <class Real, class Store>
void multiply(size_t size, const Store* a, const Real* b, Store* dst) {
  const auto n = static_cast<Eigen::Index>(size);
  Row<Real>(dst, n) = ConstRow<Real>(a, n) * ConstRow<Real>(b, n);
}

template <class Real, class Store>
void convert(size_t size, const Real* src, Store* dst) {
  std::copy_n(src, size, dst);
}

template <class Real>
void add(size_t size, const Real* a, const Real* b, Real* dst) {
  const auto n = static_cast<Eigen::Index>(size);
  Row<Real>(dst, n) = ConstRow<Real>(a, n) + ConstRow<Real>(b, n);
}

template <class Real>
void fill_dropout_mask(double drop, uint64_t seed, uint64_t stream, size_t begin, size_t size, Real* mask) {
  constexpr size_t kPerBlock = 8;  // 16-bit lots in a block of 4 words
  const auto threshold = static_cast<uint32_t>(std::min(std::lround(drop * 65536.0), 65535L));
  const Real keep = static_cast<Real>(1.0 / (1.0 - threshold / 65536.0));
  for (size_t at = begin; at < begin + size;) {
    const auto words = philox(seed, stream, at / kPerBlock);
    const size_t end = std::min(begin + size, at / kPerBlock * kPerBlock + kPerBlock);
    for (; at < end; ++at) {
      const size_t k = at % kPerBlock;
      const uint32_t lot = words[k / 2] >> (16 * (k % 2)) & 0xFFFF;
      mask[at - begin] = lot < threshold ? Real{0} : keep;
    }
  }
}

template void add_bias(int, int, const double*, double*);
template void add_column_sums(MatrixView<const double>, double*);
template void multiply(size_t, const double*, const double*, double*);
template void convert(size_t, const double*, double*);
template void add(size_t, const double*, const double*, double*);
template void fill_dropout_mask(double, uint64_t, uint64_t, size_t, size_t, double*);

}  // namespace fude
