// A network's weights as its matrix products read them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
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
class PackedWeights {
 public:
  std::vector<RecurrentWeights<Real, Store>> layers;
  PackedMatrix<Real, Store> output, projection;                    // (F,V), (H,E)
  PackedMatrix<Real, Store> backward_output, backward_projection;  // (V,F), (E,H)

  // What a pass needs.
  struct Needs {
    bool training = false;  // the backward matrices, too
    bool output = true;     // the output layer's weights of all symbols
    int batch_size = 1;
  };
  // How many rows the state has in most passes; many, unless it is said. Not while passes run.
  void expect(Rows state_rows);

  // Packs what is older than the parameters. Any number of threads may call it for forward passes as long as nobody
  // changes parameters, threads or backend.
  void refresh(const NetworkConfig& config, const Parameters<Real>& parameters, const Needs& needs);

  // Changes all parameters: calls change(begin, size) for runs of them, over the threads, and packs each run as the
  // last refresh() asked for while it is still in a core's cache.
  using Change = std::function<void(size_t begin, size_t size)>;
  void change(Parameters<Real>& parameters, const Change& change);

 private:
  // What matrices are packed for.
  enum Use { kForward, kBackward, kOutput, kBackwardOutput, kUses };
  using Uses = std::array<bool, kUses>;

  // Where some columns of a run's rows go.
  struct Target {
    Use use;
    PackedMatrix<Real, Store>* matrix;
    Transpose transpose;
    Range columns;
    int k, n;
  };
  // Rows of a matrix, which some targets take; or any numbers, which none does.
  struct Run {
    size_t begin;
    int rows, cols;
    std::vector<Target> targets;
  };

  void divide(const NetworkConfig& config, const Needs& needs);
  // Divides the parameters in runs, and lays out the matrices that are used.
  void plan(const NetworkConfig& config, const Parameters<Real>& parameters);
  void plan_layer(const Parameters<Real>& parameters, int layer);
  void plan_matrix(const TensorInfo& tensor, Use use, PackedMatrix<Real, Store>& turned, Use back_use,
                   PackedMatrix<Real, Store>& plain);
  void plan_numbers(const TensorInfo& tensor);
  Run& add_run(const TensorInfo& tensor, Range rows);
  void aim(Run& run, const Target& target) const;
  void lay_out(Use use, PackedMatrix<Real, Store>& matrix, int k, int n, Rows rows = Rows::kMany);
  void pack(const Parameters<Real>& parameters, const Uses& uses, const Change* change);
  void add_biases(const Parameters<Real>& parameters);
  void read_in_place(const Parameters<Real>& parameters);

  std::mutex mutex_;
  std::vector<Run> runs_;
  std::vector<std::pair<Use, PackedMatrix<Real, Store>*>> matrices_;  // that runs are packed into
  bool copies_ = false;                                               // false: products read the parameters in place
  Uses uses_{};                                                       // that the plan is for
  Uses trained_{};                                                    // what the last training pass needed
  std::array<uint64_t, kUses> versions_{};                            // of the parameters packed; 0: none
  int threads_ = 0;                                                   // that the slices were made for
  Rows state_rows_ = Rows::kMany;                                     // that are multiplied with the recurrent weights
};

}  // namespace fude
