#include "fude/model/speed.h"

#include "nn/cell.h"

namespace fude {

double forward_flops(const NetworkConfig& config) {
  const double hidden = config.hidden_size, embed = config.embed_size, vocab = config.vocab_size;
  double products = 0;
  for (int layer = 0; layer < config.num_layers; ++layer)
    products += gate_count(config.cell) * hidden * ((layer == 0 ? embed : hidden) + hidden);
  products += (config.tied ? embed : hidden) * vocab + (config.has_projection() ? hidden * embed : 0);
  return 2 * products;
}

}  // namespace fude
