// How fast this machine writes: `fude bench generate`.
//
//   const fude::Speed speed = fude::measure_writing(fude::training_cases()[0].network, /*streams=*/64, 0.5);
//   std::cout << speed.tokens_per_second;   // of all 64 texts together
#pragma once

#include "fude/model/speed.h"
#include "fude/nn/config.h"

namespace fude {

// Steps of `streams` texts side by side for about `seconds` after warming up, each token drawn as `fude generate` draws
// it by default (temperature 0.8): the median of one step. A fresh network stands for a trained one: it needs the same
// products, and the sampler looks at every token, as it seldom must after training. Uses the backend and threads set.
// ConfigError when there are no streams or the network is not possible.
Speed measure_writing(const NetworkConfig& config, int streams, double seconds);

}  // namespace fude
