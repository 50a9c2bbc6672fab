#include "fude/generate/benchmark.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/median.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/generate/sampler.h"
#include "nn/memory.h"
#include "nn/network.h"
#include "nn/parameters.h"
#include "nn/workspace.h"

namespace fude {

namespace {

void require_memory(const NetworkConfig& config, int streams) {
  const PassShape step{1, streams, false, false, {}};
  const size_t choices = static_cast<size_t>(streams) * static_cast<size_t>(config.vocab_size);
  const size_t bytes = sizeof(float) * parameter_count(config) + packed_bytes(config, step) +
                       workspace_bytes(config, step) + choices * (sizeof(float) + sizeof(Sampler::Candidate));
  const int64_t available = available_bytes();
  if (exceeds(static_cast<int64_t>(bytes), available))
    throw MemoryError(
        "writing " + std::to_string(streams) + " texts " + memory_needed(static_cast<int64_t>(bytes), available),
        "take fewer (--batch-size) or a smaller network (--hidden-size)");
}

}  // namespace

Speed measure_writing(const NetworkConfig& config, int streams, double seconds) {
  if (streams < 1) throw ConfigError("a benchmark needs at least one text, got " + std::to_string(streams));
  constexpr uint64_t kSeed = 1;
  require_memory(config, streams);
  Network<float> network(config);
  network.initialize(kSeed, {.orthogonal = false});  // which would take longer than measuring
  NetworkState<float> state = network.make_state(streams);
  Workspace<float> workspace;

  const auto count = static_cast<size_t>(streams), vocab = static_cast<size_t>(config.vocab_size);
  std::vector<int32_t> ids(count, 0);
  std::vector<float> logits(count * vocab);
  std::vector<Sampler> samplers(count, Sampler(SamplerOptions{}));
  std::vector<Random> randoms;
  for (size_t stream = 0; stream < count; ++stream) randoms.emplace_back(kSeed, stream);

  Speed speed;
  speed.seconds = median_seconds(seconds, [&] {
    network.step(ids, state, logits, workspace);
    parallel_for(streams, [&](int which) {
      const auto stream = static_cast<size_t>(which);
      ids[stream] = samplers[stream].sample(std::span(logits).subspan(stream * vocab, vocab), randoms[stream]);
    });
  });
  speed.tokens_per_second = static_cast<double>(streams) / speed.seconds;
  speed.gflops = speed.tokens_per_second * forward_flops(config) / 1e9;
  return speed;
}

}  // namespace fude
