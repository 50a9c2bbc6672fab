// The output layer over some of the symbols only: sampled softmax (Bengio & Senécal 2008; Jean et al. 2015,
// arXiv:1412.2007). Each logit is lowered by the log of the rate at which its symbol is drawn, so that the gradient is,
// on average over draws, near to that of the full softmax.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compute/gemm.h"
#include "nn/network.h"
#include "nn/parameters.h"

namespace fude {

template <class Real, class Store>
class SampledHead {
 public:
  // Gathers the candidates' weights (F columns of each symbol in `weight` and `bias`), and the targets as places among
  // the candidates. Every target must be a candidate; ids ascending.
  void gather(const Candidates& candidates, std::span<const int32_t> targets, const Real* weight, int features,
              const Real* bias);

  int symbols() const { return symbols_; }
  const PackedMatrix<Real, Store>& output() const { return output_; }
  const PackedMatrix<Real, Store>& backward_output() const { return backward_output_; }
  const Real* bias() const { return bias_.data(); }
  const int32_t* targets() const { return targets_.data(); }
  Real* grad_weight() { return grad_weight_.data(); }
  Real* grad_bias() { return grad_bias_.data(); }

  // Writes the gradients to those of all symbols, which are zero but for the candidates.
  void scatter(const Candidates& candidates, std::span<Real> grad_weight, std::span<Real> grad_bias) const;

 private:
  int symbols_ = 0, features_ = 0;
  std::vector<Store> weight_;
  std::vector<Real> bias_, grad_weight_, grad_bias_;
  std::vector<int32_t> targets_;
  PackedMatrix<Real, Store> output_, backward_output_;
};

}  // namespace fude
