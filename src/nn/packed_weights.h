// A network's weights as its matrix products read them.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "compute/gemm.h"
#include "nn/parameters.h"
#include "nn/recurrent_layer.h"

namespace fude {

// Into how many slices of units the layers are cut: as many for each thread, where that is faster than to give each
// thread rows.
template <class Store>
int slice_count(const NetworkConfig& config, bool training, int batch_size);

template <class Real, class Store>
struct PackedWeights {
  std::vector<RecurrentWeights<Real, Store>> layers;
  PackedMatrix<Real, Store> output, projection;                    // (F,V), (H,E)
  PackedMatrix<Real, Store> backward_output, backward_projection;  // (V,F), (E,H)

  // What a pass needs.
  struct Needs {
    bool training = false;  // the backward matrices, too
    bool output = true;     // the output layer's weights of all symbols
    int batch_size = 1;
  };
  // Packs what is older than the parameters. Any number of threads may call it for forward passes as long as nobody
  // changes parameters, threads or backend.
  void refresh(const NetworkConfig& config, const Parameters<Real>& parameters, const Needs& needs);

 private:
  void divide(const NetworkConfig& config, const Needs& needs);
  void round(const Parameters<Real>& parameters);
  const Store* source(const Parameters<Real>& parameters) const;
  void pack_layer(const Parameters<Real>& parameters, int layer, int part, bool forward, bool backward);
  void pack_projection(const Parameters<Real>& parameters, bool forward, bool backward);

  std::mutex mutex_;
  std::vector<Store> rounded_;  // where Store is not Real: all parameters
  uint64_t rounded_version_ = 0;
  uint64_t forward_version_ = 0, backward_version_ = 0;  // 0: never packed
  uint64_t output_version_ = 0, backward_output_version_ = 0;
  int threads_ = 0;  // that the slices were made for
};

}  // namespace fude
