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

int unit_blocks(const NetworkConfig& config) { return std::max(1, config.hidden_size / kUnits); }

// A tensor of two dimensions in a copy of the parameters, or in these themselves.
template <class Real, class Store>
MatrixView<const Store> matrix(const Parameters<Real>& parameters, const Store* values, const std::string& name) {
  const TensorInfo* const tensor = parameters.find(name);
  return {values + tensor->offset, static_cast<int>(tensor->shape[0]), static_cast<int>(tensor->shape[1])};
}

// The rows of `weight` (G·H, N) that belong to the units, gate after gate; `gathered` holds them when they are not all.
template <class Store>
MatrixView<const Store> unit_rows(const MatrixView<const Store>& weight, Range units, int hidden,
                                  std::vector<Store>& gathered) {
  if (units.size() == hidden) return weight;
  const int gates = weight.rows / hidden;
  const auto cols = static_cast<size_t>(weight.cols), size = cols * static_cast<size_t>(units.size());
  ensure_size(gathered, static_cast<size_t>(gates) * size);
  for (int gate = 0; gate < gates; ++gate)
    std::copy_n(weight.data + static_cast<size_t>(gate * hidden + units.begin) * cols, size,
                gathered.data() + static_cast<size_t>(gate) * size);
  return {gathered.data(), gates * units.size(), weight.cols};
}

// Some columns of `weight` (G·H, N), a matrix a gate.
template <class Real, class Store>
void pack_gates(const MatrixView<const Store>& weight, Range columns, int hidden,
                std::vector<PackedMatrix<Real, Store>>& packed) {
  packed.resize(static_cast<size_t>(weight.rows / hidden));
  const size_t gate_size = static_cast<size_t>(hidden) * static_cast<size_t>(weight.cols);
  for (size_t gate = 0; gate < packed.size(); ++gate)
    packed[gate].pack(Transpose::kNo,
                      {weight.data + gate * gate_size + columns.begin, hidden, columns.size(), weight.cols});
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
void PackedWeights<Real, Store>::refresh(const NetworkConfig& config, const Parameters<Real>& parameters,
                                         const Needs& needs) {
  const std::lock_guard lock(mutex_);
  const uint64_t version = parameters.version();
  if (threads_ != threads() || (needs.training && backward_version_ != version)) divide(config, needs);
  const bool forward = forward_version_ != version, backward = needs.training && backward_version_ != version;
  const bool output_is_old = output_version_ != version || (needs.training && backward_output_version_ != version);
  const bool packs_output = needs.output && output_is_old;
  if (forward || backward || packs_output) {
    round(parameters);
    const int parts = forward || backward ? static_cast<int>(layers.front().slices.size()) + 1 : 0;
    const bool output_forward = packs_output && output_version_ != version;
    const bool output_backward = packs_output && needs.training && backward_output_version_ != version;
    const auto output_weight =
        matrix(parameters, source(parameters), config.tied ? "encoder.weight" : "decoder.weight");
    parallel_for(config.num_layers * parts + 3, [&](int task) {
      const ProfileScope scope(pack_timer);
      if (task == 0) return output_forward ? output.pack(Transpose::kYes, output_weight) : void();
      if (task == 1) return output_backward ? backward_output.pack(Transpose::kNo, output_weight) : void();
      if (task == 2) return pack_projection(parameters, forward, backward);
      pack_layer(parameters, (task - 3) / parts, (task - 3) % parts, forward, backward);
    });
    if (output_forward) output_version_ = version;
    if (output_backward) backward_output_version_ = version;
    forward_version_ = version;
    if (backward) backward_version_ = version;
  }
}

// What is packed: the parameters, or their rounded copy.
template <class Real, class Store>
const Store* PackedWeights<Real, Store>::source(const Parameters<Real>& parameters) const {
  if constexpr (kIsRounded<Store, Real>) {
    return rounded_.data();
  } else {
    return parameters.values().data();
  }
}

// Rounds the parameters once, and not again for each matrix made of them.
template <class Real, class Store>
void PackedWeights<Real, Store>::round(const Parameters<Real>& parameters) {
  if constexpr (kIsRounded<Store, Real>) {
    if (rounded_version_ == parameters.version()) return;
    const std::span<const Real> values = parameters.values();
    ensure_size(rounded_, values.size());
    constexpr size_t kRun = size_t{1} << 16;
    parallel_for(static_cast<int>((values.size() + kRun - 1) / kRun), [&](int run) {
      const ProfileScope scope(pack_timer);
      const size_t begin = static_cast<size_t>(run) * kRun;
      convert(std::min(kRun, values.size() - begin), values.data() + begin, rounded_.data() + begin);
    });
    rounded_version_ = parameters.version();
  } else {
    static_cast<void>(parameters);
  }
}

// Cuts the layers into slices of units.
template <class Real, class Store>
void PackedWeights<Real, Store>::divide(const NetworkConfig& config, const Needs& needs) {
  const int hidden = config.hidden_size, count = slice_count<Store>(config, needs.training, needs.batch_size);
  threads_ = threads();
  layers.resize(static_cast<size_t>(config.num_layers));
  if (static_cast<int>(layers.front().slices.size()) == count) return;
  forward_version_ = backward_version_ = 0;
  for (auto& layer : layers) {
    layer.slices.clear();
    for (int slice = 0; slice < count; ++slice) {
      const Range range = part_of(unit_blocks(config), count, slice);
      layer.slices.emplace_back().units = {range.begin * kUnits, slice + 1 == count ? hidden : range.end * kUnits};
    }
  }
}

// Part 0: what belongs to the layer as a whole; then its slices.
template <class Real, class Store>
void PackedWeights<Real, Store>::pack_layer(const Parameters<Real>& parameters, int layer, int part, bool forward,
                                            bool backward) {
  const std::string suffix = "_l" + std::to_string(layer);
  const auto weight_ih = matrix(parameters, source(parameters), "rnn.weight_ih" + suffix);
  const auto weight_hh = matrix(parameters, source(parameters), "rnn.weight_hh" + suffix);
  RecurrentWeights<Real, Store>& weights = layers[static_cast<size_t>(layer)];
  if (part == 0) {
    if (backward) pack_gates(weight_ih, {0, weight_ih.cols}, weight_hh.cols, weights.backward_ih);
    weights.bias_ih = parameters.value("rnn.bias_ih" + suffix).data();
    weights.bias_hh = parameters.value("rnn.bias_hh" + suffix).data();
    const auto width = static_cast<size_t>(weight_ih.rows);
    ensure_size(weights.bias, width);
    add(width, weights.bias_ih, weights.bias_hh, weights.bias.data());
    return;
  }
  UnitSlice<Real, Store>& slice = weights.slices[static_cast<size_t>(part) - 1];
  const Range units = slice.units;
  const int hidden = weight_hh.cols;
  if (forward) {
    slice.forward_ih.pack(Transpose::kYes, unit_rows(weight_ih, units, hidden, slice.gathered_ih));
    slice.forward_hh.pack(Transpose::kYes, unit_rows(weight_hh, units, hidden, slice.gathered_hh));
  }
  if (backward) pack_gates(weight_hh, units, hidden, slice.backward_hh);
}

template <class Real, class Store>
void PackedWeights<Real, Store>::pack_projection(const Parameters<Real>& parameters, bool forward, bool backward) {
  if (parameters.find("fude.projection.weight") == nullptr) return;
  const auto weight = matrix(parameters, source(parameters), "fude.projection.weight");
  if (forward) projection.pack(Transpose::kYes, weight);
  if (backward) backward_projection.pack(Transpose::kNo, weight);
}

template struct PackedWeights<float, float>;
template struct PackedWeights<float, BFloat16>;
template struct PackedWeights<double, double>;

}  // namespace fude
