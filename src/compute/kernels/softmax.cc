#include "compute/kernels/softmax.h"

#include <cmath>

#include "compute/kernels/rows.h"

namespace fude {

template <class Real>
double softmax_loss(int rows, int vocab, const Real* logits, const int32_t* targets, Real* log_norm, Real* loss) {
  double total = 0;
  for (int row = 0; row < rows; ++row) {
    const Real* const values = logits + static_cast<size_t>(row) * vocab;
    const ConstRow<Real> line(values, vocab);
    const Real largest = line.maxCoeff();
    log_norm[row] = largest + std::log((line - largest).exp().sum());
    loss[row] = targets[row] < 0 ? Real{0} : log_norm[row] - values[targets[row]];
    total += static_cast<double>(loss[row]);
  }
  return total;
}

template <class Real>
void softmax_loss_backward(int rows, int vocab, Real* logits, const int32_t* targets, const Real* log_norm,
                           Real scale) {
  for (int row = 0; row < rows; ++row) {
    Real* const values = logits + static_cast<size_t>(row) * vocab;
    Row<Real> line(values, vocab);
    if (targets[row] < 0) {
      line.setZero();
      continue;
    }
    line = (line - log_norm[row]).exp() * scale;
    values[targets[row]] -= scale;
  }
}

template double softmax_loss(int, int, const double*, const int32_t*, double*, double*);
template void softmax_loss_backward(int, int, double*, const int32_t*, const double*, double);

}  // namespace fude
