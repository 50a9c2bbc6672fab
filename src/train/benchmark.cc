#include "fude/train/benchmark.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/median.h"
#include "base/parallel.h"
#include "compute/gemm.h"
#include "fude/base/random.h"
#include "fude/base/threads.h"
#include "fude/train/options.h"
#include "nn/network.h"
#include "train/memory_limit.h"
#include "train/optimizer.h"
#include "train/precision.h"

namespace fude {
namespace {

double product_gflops(int inputs, int outputs, double seconds) {
  constexpr int kRows = 64, kCalls = 8, kTasksPerThread = 4;
  const auto in = static_cast<size_t>(inputs), out = static_cast<size_t>(outputs);
  const std::vector<float> weights(in * out, 0.5f);
  PackedMatrix<float> packed;
  packed.pack(Transpose::kNo, {weights.data(), inputs, outputs});
  const int tasks = threads() * kTasksPerThread;
  const double time = median_seconds(seconds, [&] {
    parallel_for(tasks, [&](int) {
      thread_local std::vector<float> src, dst;
      src.resize(kRows * in, 0.5f);
      dst.resize(kRows * out);
      for (int call = 0; call < kCalls; ++call)
        packed.multiply({src.data(), kRows, inputs}, 0, {dst.data(), kRows, outputs});
    });
  });
  return 2.0 * kRows * static_cast<double>(in) * static_cast<double>(out) * kCalls * tasks / time / 1e9;
}

// As often as a text's words by rank r: in proportion to 1 / (r + 2.7) (Mandelbrot 1953).
void draw_tokens(int vocab_size, Random& random, std::span<int32_t> tokens) {
  std::vector<double> below(static_cast<size_t>(vocab_size));
  double sum = 0;
  for (size_t rank = 0; rank < below.size(); ++rank) below[rank] = sum += 1 / (static_cast<double>(rank) + 1 + 2.7);
  for (int32_t& token : tokens) {
    const auto found = std::upper_bound(below.begin(), below.end() - 1, random.uniform() * sum);
    token = static_cast<int32_t>(found - below.begin());
  }
}

NetworkConfig lstm(int vocab, int hidden, int layers) {
  NetworkConfig config;
  config.cell = CellKind::kLstm;
  config.vocab_size = vocab;
  config.embed_size = hidden;
  config.hidden_size = hidden;
  config.num_layers = layers;
  return config;
}

}  // namespace

const std::vector<TrainingCase>& training_cases() {
  static const std::vector<TrainingCase> cases = {
      {.name = "char-tiny", .network = lstm(65, 128, 2), .batch_size = 50, .steps = 50},
      {.name = "char-small", .network = lstm(65, 256, 2), .batch_size = 64, .steps = 128},
      {.name = "char-mid", .network = lstm(65, 512, 2), .batch_size = 64, .steps = 128},
      {.name = "char-large", .network = lstm(205, 1024, 3), .batch_size = 64, .steps = 128},
      {.name = "word-ptb", .network = lstm(10'000, 650, 2), .batch_size = 20, .steps = 35},
  };
  return cases;
}

double training_flops(const NetworkConfig& config) { return 3 * forward_flops(config); }

Speed measure_training(const TrainingCase& which, double seconds) {
  constexpr uint64_t kSeed = 1;
  TrainOptions options;
  options.network = which.network;
  options.batch = {.batch_size = which.batch_size, .seq_length = which.steps};
  options.dropout = {};
  options.precision = resolve_precision(which.precision, which.network);
  options.batch.validate();
  require_memory(options, false, 0, Changeable::kAll);
  Network<float> network(which.network);
  network.initialize(kSeed);
  network.expect_batches_of(which.batch_size);
  Optimizer<float> optimizer(options.optimizer, network.parameters().values().size());
  NetworkState<float> state = network.make_state(which.batch_size);
  PassBuffers buffers(options.precision);

  const size_t places = static_cast<size_t>(which.batch_size) * static_cast<size_t>(which.steps);
  std::vector<int32_t> inputs(places), targets(places);
  Random random(kSeed);
  draw_tokens(which.network.vocab_size, random, inputs);
  draw_tokens(which.network.vocab_size, random, targets);
  const Window window{which.steps, which.batch_size, inputs.data(), targets.data(), nullptr};

  Speed speed;
  speed.seconds = median_seconds(seconds, [&] {
    buffers.forward_backward(network, window, state, {.scale = 1 / static_cast<float>(places)});
    const double norm = global_norm(std::as_const(network).parameters());
    buffers.update(network, optimizer, options.optimizer.lr, clip_scale(options.grad_clip, norm));
  });
  speed.tokens_per_second = static_cast<double>(places) / speed.seconds;
  speed.gflops = speed.tokens_per_second * training_flops(which.network) / 1e9;
  return speed;
}

double measure_product_peak(double seconds) {
  constexpr int kHidden = 512, kGates = 4 * kHidden;
  return std::max(product_gflops(kHidden, kGates, seconds / 2), product_gflops(kGates, kHidden, seconds / 2));
}

}  // namespace fude
