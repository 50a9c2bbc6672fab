#include "nn/memory.h"

#include <algorithm>

#include "fude/base/threads.h"
#include "nn/cell.h"
#include "nn/output_layer.h"
#include "nn/parameters.h"
#include "nn/weight_gradient.h"
#include "nn/window_symbols.h"

namespace fude {

size_t workspace_bytes(const NetworkConfig& config, const PassShape& shape) {
  const auto batch = static_cast<size_t>(shape.batch_size), places = batch * static_cast<size_t>(shape.steps);
  const auto embed = static_cast<size_t>(config.embed_size), hidden = static_cast<size_t>(config.hidden_size);
  const auto vocab = static_cast<size_t>(config.vocab_size), gates = static_cast<size_t>(gate_count(config.cell));
  const Dropout dropout = shape.training ? shape.dropout : Dropout{};
  const size_t mask_rows = dropout.locked ? batch : places;
  // Windows are taken to repeat their symbols, as text does, but not to do so always where the vocabulary is large.
  const size_t symbols = dropout.input > 0 ? 0 : WindowSymbols::most_rows(config.vocab_size, places);
  const size_t embedded = symbols >= vocab ? symbols : places;
  size_t real = 0, store = 0;  // numbers of either kind

  store += embedded * embed;
  real += symbols * gates * hidden;
  if (dropout.input > 0) real += mask_rows * embed;
  for (int layer = 0; layer < config.num_layers; ++layer) {
    const bool dropped = (layer + 1 < config.num_layers ? dropout.layer : dropout.output) > 0;
    store += places * hidden * (gates + 2 + (config.cell == CellKind::kGru ? 1 : 0) + (dropped ? 1 : 0));
    if (has_cell_state(config.cell)) real += (places + batch) * hidden;
    if (dropped) real += mask_rows * hidden;
    real += 4 * batch * hidden;
  }
  // The right operands of weight gradients, and the turned left ones.
  if (shape.training) {
    const size_t widths = static_cast<size_t>(2 * config.num_layers) * hidden - hidden;
    store += (symbols > 0 ? symbols : places) * embed + symbols * gates * hidden;
    store += places * widths + std::min(places, size_t(output_chunk(config, shape.steps, shape.batch_size))) *
                                   (config.tied ? embed : hidden);
    const int rows = static_cast<int>(std::min(places, size_t{kGradientRows}));
    store +=
        static_cast<size_t>(threads()) * (turned_size(rows, config.hidden_size) + turned_size(rows, config.vocab_size));
  }
  // Products on their way, of every thread together.
  real += std::min(places, size_t{512} + batch) * gates * hidden;

  const auto chunk = static_cast<size_t>(output_chunk(config, shape.steps, shape.batch_size));
  real += chunk * vocab + places;
  if (config.has_projection()) (shape.rounded ? store : real) += places * embed;
  if (config.has_projection()) real += places * embed;
  if (shape.training) {
    if (shape.rounded) store += chunk * vocab;
    if (config.has_projection()) real += 2 * places * embed;
    real += 2 * places * hidden + embedded * embed;
  }
  return sizeof(float) * real + (shape.rounded ? sizeof(BFloat16) : sizeof(float)) * store;
}

size_t packed_bytes(const NetworkConfig& config, const PassShape& shape) {
  size_t matrices = 0;
  for (const TensorInfo& tensor : parameter_layout(config))
    if (tensor.shape.size() == 2 && (config.tied || tensor.name != "encoder.weight")) matrices += tensor.size;
  const size_t copies = (shape.training ? 2 : 1) * matrices;  // for forward and backward products
  if (!shape.rounded) return sizeof(float) * copies;
  const auto places = static_cast<size_t>(shape.batch_size) * static_cast<size_t>(shape.steps);
  const size_t scratch = product_scratch_size();
  // The operands of the projection's gradient are copied, too.
  const bool projects = scratch > 0 && shape.training && config.has_projection();
  const size_t projected = projects ? places * static_cast<size_t>(config.hidden_size + config.embed_size) : 0;
  return sizeof(BFloat16) * (copies + projected) + scratch * static_cast<size_t>(threads());
}

}  // namespace fude
