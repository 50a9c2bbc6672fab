// A network's weights as its matrix products read them.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "compute/gemm.h"
#include "nn/parameters.h"
#include "nn/recurrent_layer.h"

namespace fude {

template <class Real>
struct PackedWeights {
  std::vector<RecurrentWeights<Real>> layers;
  PackedMatrix<Real> output, projection;                    // (F,V), (H,E)
  PackedMatrix<Real> backward_output, backward_projection;  // (V,F), (E,H)

  // Packs what is older than the parameters; for training the backward ones too. Any number of threads may call it
  // as long as nobody changes the parameters.
  void refresh(const NetworkConfig& config, const Parameters<Real>& parameters, bool training);

 private:
  std::mutex mutex_;
  uint64_t forward_version_ = 0;
  uint64_t backward_version_ = 0;
};

}  // namespace fude
