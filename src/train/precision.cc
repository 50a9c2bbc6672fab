#include "train/precision.h"

#include <algorithm>
#include <utility>

#include "compute/gemm.h"
#include "fude/base/error.h"
#include "fude/compute/backend.h"
#include "fude/train/options.h"

namespace fude {

std::string resolve_precision(std::string_view wanted, const NetworkConfig& network) {
  if (wanted == "f32") return "f32";
  const bool asked = wanted == "bf16";
  if (!asked && wanted != "auto")
    throw ConfigError("precision must be auto, f32 or bf16, got \"" + std::string(wanted) + "\"");
  std::string problem, hint = "--precision f32";
  if (!bf16_available()) {
    const bool lacks_it = backend() == Backend::kOneDnn;
    problem = lacks_it ? "this CPU has no bf16 products (AVX-512 BF16 or AMX)"
                       : "bf16 needs oneDNN or AMX, the backend is " + backend_description();
    if (!lacks_it) hint = "--precision f32; --backend auto has bf16 where the CPU does";
  } else if (const int least = std::min(network.embed_size, network.hidden_size); least < kLeastIndependent) {
    problem = "bf16 needs layers and embeddings of at least " + std::to_string(kLeastIndependent) + ", got " +
              std::to_string(least);
  }
  if (problem.empty()) return "bf16";
  if (asked) throw ConfigError(problem, hint);
  return "f32";
}

void PassBuffers::update(Network<float>& network, Optimizer<float>& optimizer, double lr, double grad_scale) const {
  const auto update = optimizer.begin(lr, grad_scale);
  const std::span<float> weights = network.parameters().values();
  const std::span<const float> grads = std::as_const(network).parameters().grads();
  const auto change = [&](size_t begin, size_t size) { optimizer.apply(update, begin, size, weights, grads); };
  if (std::holds_alternative<Workspace<float>>(workspace_)) {
    network.update<float>(change);
  } else {
    network.update<BFloat16>(change);
  }
}

}  // namespace fude
