#include <Eigen/QR>
#include <cmath>
#include <string>

#include "fude/base/random.h"
#include "nn/cell.h"
#include "nn/network.h"

namespace fude {
namespace {

template <class Real>
void fill_uniform(std::span<Real> values, double bound, Random& random) {
  for (Real& value : values) value = static_cast<Real>((2.0 * random.uniform() - 1.0) * bound);
}

// A square block with orthonormal rows: Q of the QR decomposition of a normal matrix, signs fixed by R's diagonal.
template <class Real>
void fill_orthogonal(int size, Real* block, Random& random) {
  Eigen::MatrixXd normal(size, size);
  for (int row = 0; row < size; ++row)
    for (int col = 0; col < size; ++col) normal(row, col) = random.normal();
  const Eigen::HouseholderQR<Eigen::MatrixXd> decomposition(normal);
  const Eigen::MatrixXd q = decomposition.householderQ();
  const Eigen::VectorXd diagonal = decomposition.matrixQR().diagonal();
  for (int row = 0; row < size; ++row)
    for (int col = 0; col < size; ++col)
      block[static_cast<size_t>(row) * size + col] = static_cast<Real>(diagonal(col) < 0 ? -q(row, col) : q(row, col));
}

}  // namespace

template <class Real>
void Network<Real>::initialize(uint64_t seed, const Initialization& options) {
  const int hidden = config_.hidden_size;
  const double bound = 1.0 / std::sqrt(hidden);
  for (const TensorInfo& tensor : parameters_.tensors()) {
    // A stream a tensor: its weights do not depend on what other tensors there are.
    Random random(derive_seed(seed, tensor.name));
    const std::span<Real> values = parameters_.value(tensor.name);
    if (tensor.name == "encoder.weight") {
      const double deviation = config_.tied ? 1.0 / std::sqrt(config_.embed_size) : 1.0;
      for (Real& value : values) value = static_cast<Real>(random.normal() * deviation);
    } else if (tensor.name == "decoder.bias") {
      std::fill(values.begin(), values.end(), Real{0});
    } else if (options.orthogonal && tensor.name.starts_with("rnn.weight_hh")) {
      for (int gate = 0; gate < gate_count(config_.cell); ++gate)
        fill_orthogonal(hidden, values.data() + static_cast<size_t>(gate) * hidden * hidden, random);
    } else {
      fill_uniform(values, bound, random);
    }
    if (config_.cell == CellKind::kLstm && tensor.name.starts_with("rnn.bias_ih"))
      for (int k = hidden; k < 2 * hidden; ++k) values[k] += static_cast<Real>(options.forget_bias);
  }
}

template void Network<float>::initialize(uint64_t, const Initialization&);
template void Network<double>::initialize(uint64_t, const Initialization&);

}  // namespace fude
