#include "nn/packed_weights.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "base/parallel.h"
#include "base/profile.h"
#include "compute/kernels/pointwise.h"
#include "fude/base/threads.h"
#include "nn/cell.h"

namespace fude {
namespace {

ProfileTimer pack_timer("packing weights");

// A layer's recurrent weights up to this size stay in a core's own cache from step to step.
constexpr size_t kCoreCache = size_t{5} << 18;  // 1.25 MiB
// Slices begin at multiples of this: whole vectors and tiles, and enough columns for products to be independent.
constexpr int kUnits = kLeastIndependent;

// A thread's units are cut into slices whose recurrent weights are about this large. It takes them in turn forwards and
// backwards, step by step: so what it read last, and still has in its cache, is what it reads first.
constexpr size_t kSliceBytes = size_t{7} << 18;

// Rows, or numbers of what is no matrix, that are changed and packed together: few enough to stay in a core's own cache
// with their gradients and averages. Slices begin at a multiple of the rows.
constexpr int kRunRows = 32;
constexpr size_t kRunSize = size_t{1} << 14;
static_assert(kUnits % kRunRows == 0);

int unit_blocks(const NetworkConfig& config) { return std::max(1, config.hidden_size / kUnits); }

template <class T>
MatrixView<T> matrix(const TensorInfo& tensor, T* values) {
  return {values + tensor.offset, static_cast<int>(tensor.shape[0]), static_cast<int>(tensor.shape[1])};
}

}  // namespace

template <class Store>
int slice_count(const NetworkConfig& config, bool training, int batch_size) {
  const auto hidden = static_cast<size_t>(config.hidden_size);
  const size_t bytes = sizeof(Store) * static_cast<size_t>(gate_count(config.cell)) * hidden * hidden;
  const bool few_rows = training && batch_size / kLeastRows < threads();
  const bool independent = products_are_independent<Store>(std::max(config.hidden_size, config.embed_size)) &&
                           (!std::is_same_v<Store, BFloat16> || batch_size >= kLeastRows);
  if (!independent || (bytes <= kCoreCache && !few_rows)) return 1;
  const int members = std::min(threads(), unit_blocks(config));
  const auto each = static_cast<int>(bytes / static_cast<size_t>(members) / kSliceBytes) + 1;
  return members * std::min(each, unit_blocks(config) / members);
}
template int slice_count<float>(const NetworkConfig&, bool, int);
template int slice_count<double>(const NetworkConfig&, bool, int);
template int slice_count<BFloat16>(const NetworkConfig&, bool, int);

template <class Real, class Store>
void PackedWeights<Real, Store>::expect(Rows state_rows) {
  const std::lock_guard lock(mutex_);
  if (state_rows_ != state_rows) runs_.clear();  // to be planned anew
  state_rows_ = state_rows;
}

template <class Real, class Store>
void PackedWeights<Real, Store>::refresh(const NetworkConfig& config, const Parameters<Real>& parameters,
                                         const Needs& needs) {
  const std::lock_guard lock(mutex_);
  const uint64_t version = parameters.version();
  const Uses needed = {true, needs.training, needs.output, needs.training && needs.output};
  if (needs.training) trained_ = needed;
  if (threads_ != threads() || (needs.training && versions_[kBackward] != version)) divide(config, needs);
  const auto is_missing = [&](int use) { return needed[use] && !uses_[use]; };
  const bool copies = PackedMatrix<Real, Store>::is_copied();
  if (runs_.empty() || copies != copies_ || is_missing(kBackward) || is_missing(kOutput) ||
      is_missing(kBackwardOutput)) {
    for (int use = 0; use < kUses; ++use) uses_[use] = uses_[use] || needed[use];
    copies_ = copies;
    plan(config, parameters);
  }
  Uses old{};
  for (int use = 0; use < kUses; ++use) old[use] = needed[use] && versions_[use] != version;
  if (std::find(old.begin(), old.end(), true) != old.end()) pack(parameters, old, nullptr);
}

template <class Real, class Store>
void PackedWeights<Real, Store>::change(Parameters<Real>& parameters, const Change& change) {
  const std::lock_guard lock(mutex_);
  parameters.values();  // are another version from here on
  pack(parameters, trained_, &change);
}

// Cuts the layers into slices of units.
template <class Real, class Store>
void PackedWeights<Real, Store>::divide(const NetworkConfig& config, const Needs& needs) {
  const int hidden = config.hidden_size, count = slice_count<Store>(config, needs.training, needs.batch_size);
  threads_ = threads();
  layers.resize(static_cast<size_t>(config.num_layers));
  if (static_cast<int>(layers.front().slices.size()) == count) return;
  runs_.clear();
  for (auto& layer : layers) {
    layer.slices.clear();
    for (int slice = 0; slice < count; ++slice) {
      const Range range = part_of(unit_blocks(config), count, slice);
      layer.slices.emplace_back().units = {range.begin * kUnits, slice + 1 == count ? hidden : range.end * kUnits};
    }
  }
}

template <class Real, class Store>
void PackedWeights<Real, Store>::plan(const NetworkConfig& config, const Parameters<Real>& parameters) {
  runs_.clear();
  matrices_.clear();
  versions_ = {};
  for (int layer = 0; layer < config.num_layers; ++layer) plan_layer(parameters, layer);
  plan_matrix(*parameters.find(config.tied ? "encoder.weight" : "decoder.weight"), kOutput, output, kBackwardOutput,
              backward_output);
  if (const TensorInfo* const tensor = parameters.find("fude.projection.weight"))
    plan_matrix(*tensor, kForward, projection, kBackward, backward_projection);
  plan_numbers(*parameters.find("decoder.bias"));
  if (!config.tied) plan_numbers(*parameters.find("encoder.weight"));
}

template <class Real, class Store>
void PackedWeights<Real, Store>::plan_layer(const Parameters<Real>& parameters, int layer) {
  const std::string suffix = "_l" + std::to_string(layer);
  const TensorInfo& weight_ih = *parameters.find("rnn.weight_ih" + suffix);
  const TensorInfo& weight_hh = *parameters.find("rnn.weight_hh" + suffix);
  const auto inputs = static_cast<int>(weight_ih.shape[1]), hidden = static_cast<int>(weight_hh.shape[1]);
  const int gates = static_cast<int>(weight_hh.shape[0]) / hidden;
  RecurrentWeights<Real, Store>& weights = layers[static_cast<size_t>(layer)];
  weights.backward_ih.resize(static_cast<size_t>(gates));
  for (auto& backward : weights.backward_ih) lay_out(kBackward, backward, hidden, inputs);
  for (auto& slice : weights.slices) {
    lay_out(kForward, slice.forward_ih, inputs, gates * slice.units.size());
    lay_out(kForward, slice.forward_hh, hidden, gates * slice.units.size(), state_rows_);
    slice.backward_hh.resize(static_cast<size_t>(gates));
    for (auto& backward : slice.backward_hh) lay_out(kBackward, backward, hidden, slice.units.size(), state_rows_);
  }
  for (int gate = 0; gate < gates; ++gate)
    for (auto& slice : weights.slices)
      for (int unit = slice.units.begin; unit < slice.units.end; unit += kRunRows) {
        const Range units{unit, std::min(unit + kRunRows, slice.units.end)};
        const Range rows{gate * hidden + units.begin, gate * hidden + units.end};
        const int n = gate * slice.units.size() + unit - slice.units.begin;
        Run& inputs_run = add_run(weight_ih, rows);
        aim(inputs_run, {kForward, &slice.forward_ih, Transpose::kYes, {0, inputs}, 0, n});
        aim(inputs_run,
            {kBackward, &weights.backward_ih[static_cast<size_t>(gate)], Transpose::kNo, {0, inputs}, unit, 0});
        Run& state_run = add_run(weight_hh, rows);
        aim(state_run, {kForward, &slice.forward_hh, Transpose::kYes, {0, hidden}, 0, n});
        for (auto& other : weights.slices)
          aim(state_run,
              {kBackward, &other.backward_hh[static_cast<size_t>(gate)], Transpose::kNo, other.units, unit, 0});
      }
  for (const char* const name : {"rnn.bias_ih", "rnn.bias_hh"}) plan_numbers(*parameters.find(name + suffix));
}

// A tensor (R,C) that is a right operand as it lies, (R,C), and turned, (C,R).
template <class Real, class Store>
void PackedWeights<Real, Store>::plan_matrix(const TensorInfo& tensor, Use use, PackedMatrix<Real, Store>& turned,
                                             Use back_use, PackedMatrix<Real, Store>& plain) {
  const auto rows = static_cast<int>(tensor.shape[0]), cols = static_cast<int>(tensor.shape[1]);
  lay_out(use, turned, cols, rows);
  lay_out(back_use, plain, rows, cols);
  for (int row = 0; row < rows; row += kRunRows) {
    Run& run = add_run(tensor, {row, std::min(row + kRunRows, rows)});
    aim(run, {use, &turned, Transpose::kYes, {0, cols}, 0, row});
    aim(run, {back_use, &plain, Transpose::kNo, {0, cols}, row, 0});
  }
}

template <class Real, class Store>
void PackedWeights<Real, Store>::plan_numbers(const TensorInfo& tensor) {
  for (size_t begin = 0; begin < tensor.size; begin += kRunSize)
    runs_.push_back({tensor.offset + begin, 1, static_cast<int>(std::min(kRunSize, tensor.size - begin)), {}});
}

template <class Real, class Store>
auto PackedWeights<Real, Store>::add_run(const TensorInfo& tensor, Range rows) -> Run& {
  const auto cols = static_cast<int>(tensor.shape[1]);
  return runs_.emplace_back(
      Run{tensor.offset + static_cast<size_t>(rows.begin) * static_cast<size_t>(cols), rows.size(), cols, {}});
}

template <class Real, class Store>
void PackedWeights<Real, Store>::aim(Run& run, const Target& target) const {
  if (copies_ && uses_[target.use]) run.targets.push_back(target);
}

template <class Real, class Store>
void PackedWeights<Real, Store>::lay_out(Use use, PackedMatrix<Real, Store>& matrix, int k, int n, Rows rows) {
  if (!copies_ || !uses_[use]) return;
  matrix.lay_out(k, n, rows);
  matrices_.push_back({use, &matrix});
}

template <class Real, class Store>
void PackedWeights<Real, Store>::pack(const Parameters<Real>& parameters, const Uses& uses, const Change* change) {
  const Real* const values = parameters.values().data();
  parallel_for(static_cast<int>(runs_.size()), [&](int index) {
    const Run& run = runs_[static_cast<size_t>(index)];
    if (change != nullptr) (*change)(run.begin, static_cast<size_t>(run.rows) * static_cast<size_t>(run.cols));
    const ProfileScope scope(pack_timer);
    for (const Target& to : run.targets)
      if (uses[to.use])
        to.matrix->put(to.transpose, {values + run.begin + to.columns.begin, run.rows, to.columns.size(), run.cols},
                       to.k, to.n);
  });
  parallel_for(static_cast<int>(matrices_.size()), [&](int index) {
    const auto& [use, matrix] = matrices_[static_cast<size_t>(index)];
    if (uses[use]) matrix->finish();
  });
  if (!copies_) read_in_place(parameters);
  add_biases(parameters);
  for (int use = 0; use < kUses; ++use)
    if (uses[use]) versions_[use] = parameters.version();
}

template <class Real, class Store>
void PackedWeights<Real, Store>::add_biases(const Parameters<Real>& parameters) {
  for (size_t layer = 0; layer < layers.size(); ++layer) {
    RecurrentWeights<Real, Store>& weights = layers[layer];
    const auto bias_ih = parameters.value("rnn.bias_ih_l" + std::to_string(layer));
    weights.bias_ih = bias_ih.data();
    weights.bias_hh = parameters.value("rnn.bias_hh_l" + std::to_string(layer)).data();
    ensure_size(weights.bias, bias_ih.size());
    add(bias_ih.size(), weights.bias_ih, weights.bias_hh, weights.bias.data());
  }
}

// Products read the parameters themselves: there is one slice only.
template <class Real, class Store>
void PackedWeights<Real, Store>::read_in_place(const Parameters<Real>& parameters) {
  if constexpr (!kIsRounded<Store, Real>) {
    const auto view = [&](const std::string& name) {
      return matrix(*parameters.find(name), parameters.values().data());
    };
    for (size_t layer = 0; layer < layers.size(); ++layer) {
      const auto weight_ih = view("rnn.weight_ih_l" + std::to_string(layer));
      const auto weight_hh = view("rnn.weight_hh_l" + std::to_string(layer));
      UnitSlice<Real, Store>& slice = layers[layer].slices.front();
      slice.forward_ih.pack(Transpose::kYes, weight_ih);
      slice.forward_hh.pack(Transpose::kYes, weight_hh);
      for (size_t gate = 0; gate < slice.backward_hh.size(); ++gate) {
        const auto rows = [&](const MatrixView<const Real>& weight) {
          const size_t begin = gate * static_cast<size_t>(weight_hh.cols) * static_cast<size_t>(weight.cols);
          return MatrixView<const Real>(weight.data + begin, weight_hh.cols, weight.cols);
        };
        slice.backward_hh[gate].pack(Transpose::kNo, rows(weight_hh));
        layers[layer].backward_ih[gate].pack(Transpose::kNo, rows(weight_ih));
      }
    }
    const auto decoder = view(parameters.find("decoder.weight") != nullptr ? "decoder.weight" : "encoder.weight");
    output.pack(Transpose::kYes, decoder);
    backward_output.pack(Transpose::kNo, decoder);
    if (parameters.find("fude.projection.weight") == nullptr) return;
    projection.pack(Transpose::kYes, view("fude.projection.weight"));
    backward_projection.pack(Transpose::kNo, view("fude.projection.weight"));
  } else {
    static_cast<void>(parameters);
  }
}

template class PackedWeights<float, float>;
template class PackedWeights<float, BFloat16>;
template class PackedWeights<double, double>;

}  // namespace fude
