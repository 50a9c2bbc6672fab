#include "compute/kernels/softmax.h"

#include <algorithm>
#include <cmath>

#include "compute/kernels/rows.h"

namespace fude {

template <class Real>
void softmax_loss(int rows, int vocab, const Real* logits, const int32_t* targets, Real* loss) {
  for (int row = 0; row < rows; ++row, logits += vocab) {
    const ConstRow<Real> line(logits, vocab);
    const Real largest = line.maxCoeff();
    const Real log_norm = largest + std::log((line - largest).exp().sum());
    loss[row] = targets[row] < 0 ? Real{0} : log_norm - logits[targets[row]];
  }
}

template <class Real, class Store>
void softmax_loss_gradient(int rows, int vocab, Real* logits, const Real* bias, const int32_t* targets, Real scale,
                           Real* loss, Store* diff) {
  for (int row = 0; row < rows; ++row, logits += vocab, diff += vocab) {
    const int32_t target = targets[row];
    if (target < 0) {
      loss[row] = 0;
      std::fill_n(diff, vocab, Real{0});
      continue;
    }
    Row<Real> line(logits, vocab);
    line += ConstRow<Real>(bias, vocab);
    softmax_loss(1, vocab, logits, &target, &loss[row]);
    const Real log_norm = loss[row] + logits[target];
    Row<Real>(diff, vocab) = (line - log_norm).exp() * scale;
    diff[target] -= scale;
  }
}

template void softmax_loss(int, int, const double*, const int32_t*, double*);
template void softmax_loss_gradient(int, int, double*, const double*, const int32_t*, double, double*, double*);

}  // namespace fude
