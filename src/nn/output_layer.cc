#include "nn/output_layer.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/profile.h"
#include "compute/kernels/pointwise.h"
#include "compute/kernels/softmax.h"

namespace fude {
namespace {

ProfileTimer product_timer("output layer: products");
ProfileTimer softmax_timer("output layer: softmax");
ProfileTimer back_product_timer("output layer: products, backward");
ProfileTimer gradient_timer("weight gradients: output layer");

// Places of a task: a large vocabulary's weights are read from far away once for all of them.
constexpr int kTaskPlaces = 180;
// The weight gradient is divided into a multiple of so many tasks, which threads share evenly, but of no fewer symbols
// than that.
constexpr int kTasksTogether = 8;
constexpr int kLeastOutputs = kTile;

// What the decoder reads at `place`.
template <class Real, class Store>
const Store* features_at(const NetworkConfig& config, const Store* top, const OutputWorkspace<Real, Store>& workspace,
                         size_t place) {
  return config.has_projection() ? workspace.projected.data() + place * static_cast<size_t>(config.embed_size)
                                 : top + place * static_cast<size_t>(config.hidden_size);
}

template <class Real, class Store>
void make_room(const NetworkConfig& config, const OutputShape& shape, int chunk, bool training,
               OutputWorkspace<Real, Store>& workspace) {
  const auto places = static_cast<size_t>(shape.places()), embed = static_cast<size_t>(config.embed_size);
  const size_t logits = static_cast<size_t>(chunk) * static_cast<size_t>(config.vocab_size);
  ensure_size(workspace.loss, places);
  ensure_size(workspace.logits, logits);
  if (training && kIsRounded<Store, Real>) ensure_size(workspace.diff_logits, logits);
  if (!config.has_projection()) return;
  ensure_size(workspace.projected, places * embed);
  ensure_size(workspace.product, places * embed);
  if (!training) return;
  ensure_size(workspace.diff_product, places * embed);
  ensure_size(workspace.diff_projected, places * embed);
}

// What the logits are computed with, and where its gradients go: all symbols, or the candidates of a sampled softmax.
template <class Real, class Store>
struct Head {
  int symbols;
  const PackedMatrix<Real, Store>& output;
  const PackedMatrix<Real, Store>& backward_output;
  const Real* bias;
  const int32_t* targets;
  Real* grad_weight;
  Real* grad_bias;
};

// What the decoder reads, of `count` places from `place` on: through the projection, when there is one.
template <class Real, class Store>
const Store* make_features(const NetworkConfig& config, size_t place, int count, const Store* top,
                           const PackedWeights<Real, Store>& weights, OutputWorkspace<Real, Store>& workspace) {
  if (config.has_projection()) {
    const auto embed = static_cast<size_t>(config.embed_size);
    Real* const product = workspace.product.data() + place * embed;
    weights.projection.multiply({top + place * static_cast<size_t>(config.hidden_size), count, config.hidden_size}, 0,
                                {product, count, config.embed_size});
    convert(static_cast<size_t>(count) * embed, product, workspace.projected.data() + place * embed);
  }
  return features_at(config, top, workspace, place);
}

int feature_count(const NetworkConfig& config) { return config.tied ? config.embed_size : config.hidden_size; }

// Calls visit(first place, count) for chunks, one after the other.
template <class Visit>
void for_each_chunk(const OutputShape& shape, int from_step, int chunk, const Visit& visit) {
  for (int place = from_step * shape.batch_size; place < shape.places(); place += chunk)
    visit(place, std::min(chunk, shape.places() - place));
}

}  // namespace

int output_chunk(const NetworkConfig& config, int steps, int batch_size) {
  const int64_t at_once = kMostLogits / (int64_t{batch_size} * config.vocab_size);
  return batch_size * static_cast<int>(std::clamp<int64_t>(at_once, 1, steps));
}

template <class Real, class Store>
int output_forward(const NetworkConfig& config, const OutputShape& shape, int from_step, bool all, const Store* top,
                   const int32_t* targets, const PackedWeights<Real, Store>& weights,
                   const Parameters<Real>& parameters, OutputWorkspace<Real, Store>& workspace) {
  const int chunk = all ? shape.places() : output_chunk(config, shape.steps - from_step, shape.batch_size);
  make_room(config, shape, chunk, false, workspace);
  const Real* const bias = parameters.value("decoder.bias").data();
  const auto vocab = static_cast<size_t>(config.vocab_size);
  int last = 0;
  for_each_chunk(shape, from_step, chunk, [&](int first, int places) {
    last = places / shape.batch_size;
    const int tasks = parts_of(places, kTaskPlaces);
    parallel_for(tasks, [&](int task) {
      const Range part = part_in_tiles(places, tasks, task);
      const auto place = static_cast<size_t>(first + part.begin);
      Real* const logits = workspace.logits.data() + static_cast<size_t>(part.begin) * vocab;
      {
        const ProfileScope scope(product_timer);
        const Store* const features = make_features(config, place, part.size(), top, weights, workspace);
        weights.output.multiply({features, part.size(), feature_count(config)}, 0,
                                {logits, part.size(), config.vocab_size});
      }
      const ProfileScope scope(softmax_timer);
      add_bias(part.size(), config.vocab_size, bias, logits);
      if (targets != nullptr)
        softmax_loss(part.size(), config.vocab_size, logits, targets + place, workspace.loss.data() + place);
    });
  });
  return last;
}

namespace {

// Forward and backward of a chunk of places, but for the gradients of weights. The gradients of logits are left in
// `diff_logits`.
template <class Real, class Store>
void run_chunk(const NetworkConfig& config, Range chunk, const Store* top, Real scale, const Head<Real, Store>& head,
               const PackedWeights<Real, Store>& weights, Real* diff_top, Store* diff_logits,
               OutputWorkspace<Real, Store>& workspace) {
  const int hidden = config.hidden_size, embed = config.embed_size, tasks = parts_of(chunk.size(), kTaskPlaces);
  parallel_for(tasks, [&](int task) {
    const Range part = part_in_tiles(chunk.size(), tasks, task);
    const int count = part.size();
    const auto place = static_cast<size_t>(chunk.begin + part.begin);
    const size_t at = static_cast<size_t>(part.begin) * static_cast<size_t>(head.symbols);
    Real* const logits = workspace.logits.data() + at;
    Store* const diff = diff_logits + at;
    {
      const ProfileScope scope(product_timer);
      const Store* const features = make_features(config, place, count, top, weights, workspace);
      head.output.multiply({features, count, feature_count(config)}, 0, {logits, count, head.symbols});
    }
    {
      const ProfileScope scope(softmax_timer);
      softmax_loss_gradient(count, head.symbols, logits, head.bias, head.targets + place, scale,
                            workspace.loss.data() + place, diff);
    }
    const ProfileScope scope(back_product_timer);
    const MatrixView<Real> dst(diff_top + place * static_cast<size_t>(hidden), count, hidden);
    if (!config.has_projection()) return head.backward_output.multiply({diff, count, head.symbols}, 0, dst);
    const size_t embed_at = place * static_cast<size_t>(embed);
    Real* const product = workspace.diff_product.data() + embed_at;
    Store* const projected = workspace.diff_projected.data() + embed_at;
    head.backward_output.multiply({diff, count, head.symbols}, 0, {product, count, embed});
    convert(static_cast<size_t>(count) * static_cast<size_t>(embed), product, projected);
    weights.backward_projection.multiply({projected, count, embed}, 0, dst);
  });
}

template <class Real, class Store>
void add_chunk_gradients(const NetworkConfig& config, Range chunk, const Store* top, const Head<Real, Store>& head,
                         const Store* diff_logits, OutputWorkspace<Real, Store>& workspace) {
  const int features = feature_count(config);
  auto& rows = workspace.gradient_features;
  rows.set(features_at(config, top, workspace, static_cast<size_t>(chunk.begin)), chunk.size(), features);
  workspace.turned.make_room(chunk.size(), head.symbols);
  parallel_for(rows.parts(), [&](int part) {
    const ProfileScope scope(gradient_timer);
    rows.pack(part);
  });
  const int tasks = std::clamp(head.symbols / kLeastOutputs, 1,
                               kTasksTogether * parts_of(head.symbols, kTasksTogether * kGradientOutputs));
  parallel_for(tasks, [&](int task) {
    const ProfileScope scope(gradient_timer);
    const Range outputs = part_in_tiles(head.symbols, tasks, task);
    const auto at = static_cast<size_t>(outputs.begin), symbols = static_cast<size_t>(head.symbols);
    if (chunk.begin == 0) std::fill_n(head.grad_bias + at, outputs.size(), Real{0});
    for (int part = 0; part < rows.parts(); ++part) {
      const Range range = rows.part(part);
      const MatrixView<const Store> diff(diff_logits + static_cast<size_t>(range.begin) * symbols + at, range.size(),
                                         outputs.size(), head.symbols);
      workspace.turned.turn(diff, [&](MatrixView<const Store> turned) {
        rows.multiply(part, turned, chunk.begin > 0, head.grad_weight + at * static_cast<size_t>(features));
      });
      add_column_sums(diff, head.grad_bias + at);
    }
  });
}

}  // namespace

template <class Real, class Store>
void output_forward_backward(const NetworkConfig& config, const OutputShape& shape, const Store* top,
                             const int32_t* targets, Real scale, const Candidates& candidates,
                             const PackedWeights<Real, Store>& weights, Parameters<Real>& parameters, Real* diff_top,
                             OutputWorkspace<Real, Store>& workspace) {
  const int chunk = output_chunk(config, shape.steps, shape.batch_size);
  make_room(config, shape, chunk, true, workspace);
  const Parameters<Real>& values = parameters;
  const char* const weight_name = config.tied ? "encoder.weight" : "decoder.weight";
  const std::span<Real> grad_weight = parameters.grad(weight_name), grad_bias = parameters.grad("decoder.bias");
  const Real* const bias = values.value("decoder.bias").data();
  SampledHead<Real, Store>& sampled = workspace.sampled;
  const bool samples = !candidates.ids.empty();
  if (samples)
    sampled.gather(candidates, {targets, static_cast<size_t>(shape.places())}, values.value(weight_name).data(),
                   feature_count(config), bias);
  const Head<Real, Store> head =
      samples ? Head<Real, Store>{sampled.symbols(), sampled.output(),      sampled.backward_output(), sampled.bias(),
                                  sampled.targets(), sampled.grad_weight(), sampled.grad_bias()}
              : Head<Real, Store>{config.vocab_size, weights.output,     weights.backward_output, bias,
                                  targets,           grad_weight.data(), grad_bias.data()};
  Store* diff_logits = nullptr;
  if constexpr (kIsRounded<Store, Real>) {
    diff_logits = workspace.diff_logits.data();
  } else {
    diff_logits = workspace.logits.data();
  }
  for_each_chunk(shape, 0, chunk, [&](int first, int places) {
    const Range range{first, first + places};
    run_chunk(config, range, top, scale, head, weights, diff_top, diff_logits, workspace);
    add_chunk_gradients(config, range, top, head, diff_logits, workspace);
  });
  if (samples) sampled.scatter(candidates, grad_weight, grad_bias);
  if (!config.has_projection()) return;
  const ProfileScope scope(gradient_timer);
  const int hidden = config.hidden_size, embed = config.embed_size;
  gemm<Store, Real>(Transpose::kYes, Transpose::kNo, {workspace.diff_projected.data(), shape.places(), embed},
                    {top, shape.places(), hidden}, 0,
                    {parameters.grad("fude.projection.weight").data(), embed, hidden});
}

#define FUDE_INSTANTIATE(Real, Store)                                                                                 \
  template int output_forward(const NetworkConfig&, const OutputShape&, int, bool, const Store*, const int32_t*,      \
                              const PackedWeights<Real, Store>&, const Parameters<Real>&,                             \
                              OutputWorkspace<Real, Store>&);                                                         \
  template void output_forward_backward(const NetworkConfig&, const OutputShape&, const Store*, const int32_t*, Real, \
                                        const Candidates&, const PackedWeights<Real, Store>&, Parameters<Real>&,      \
                                        Real*, OutputWorkspace<Real, Store>&)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
