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

template <class Real>
void add_column_sums(int rows, int cols, const Real* matrix, Real* sums) {
  for (int row = 0; row < rows; ++row)
    Row<Real>(sums, cols) += ConstRow<Real>(matrix + static_cast<size_t>(row) * cols, cols);
}

template <class Real>
void multiply(size_t size, const Real* a, const Real* b, Real* dst) {
  const auto n = static_cast<Eigen::Index>(size);
  Row<Real>(dst, n) = ConstRow<Real>(a, n) * ConstRow<Real>(b, n);
}

template <class Real>
void add(size_t size, const Real* a, const Real* b, Real* dst) {
  const auto n = static_cast<Eigen::Index>(size);
  Row<Real>(dst, n) = ConstRow<Real>(a, n) + ConstRow<Real>(b, n);
}

template <class Real>
void fill_dropout_mask(double drop, uint64_t seed, uint64_t stream, size_t size, Real* mask) {
  constexpr size_t kPerBlock = 8;  // 16-bit lots in a block of 4 words
  const auto threshold = static_cast<uint32_t>(std::min(std::lround(drop * 65536.0), 65535L));
  const Real keep = static_cast<Real>(1.0 / (1.0 - threshold / 65536.0));
  for (size_t begin = 0; begin < size; begin += kPerBlock) {
    const auto words = philox(seed, stream, begin / kPerBlock);
    const size_t count = std::min(kPerBlock, size - begin);
    for (size_t k = 0; k < count; ++k) {
      const uint32_t lot = words[k / 2] >> (16 * (k % 2)) & 0xFFFF;
      mask[begin + k] = lot < threshold ? Real{0} : keep;
    }
  }
}

#define FUDE_INSTANTIATE(Real)                                     \
  template void add_bias(int, int, const Real*, Real*);            \
  template void add_column_sums(int, int, const Real*, Real*);     \
  template void multiply(size_t, const Real*, const Real*, Real*); \
  template void add(size_t, const Real*, const Real*, Real*);      \
  template void fill_dropout_mask(double, uint64_t, uint64_t, size_t, Real*)
FUDE_INSTANTIATE(float);
FUDE_INSTANTIATE(double);
#undef FUDE_INSTANTIATE

}  // namespace fude
