// A run of numbers as an Eigen array, for the kernels' own use.
#pragma once

#include <Eigen/Core>

namespace fude {

template <class Real>
using Row = Eigen::Map<Eigen::Array<Real, Eigen::Dynamic, 1>>;
template <class Real>
using ConstRow = Eigen::Map<const Eigen::Array<Real, Eigen::Dynamic, 1>>;

}  // namespace fude
