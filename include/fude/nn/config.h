// The shape of a network, and how it is regularized while it trains.
#pragma once

#include <string>
#include <string_view>

namespace fude {

enum class CellKind { kLstm, kGru, kRnn };
// lstm | gru | rnn; anything else is a ConfigError.
CellKind parse_cell(std::string_view name);
std::string_view to_string(CellKind kind);

struct NetworkConfig {
  CellKind cell = CellKind::kLstm;
  int vocab_size = 0;     // V, at least 2
  int embed_size = 64;    // E
  int hidden_size = 128;  // H
  int num_layers = 2;     // L, 1 to 8
  // The output layer uses the embedding's weights; when E != H a projection (E,H) without bias comes before it.
  bool tied = false;

  // Whether that projection is there.
  bool has_projection() const { return tied && embed_size != hidden_size; }

  // Every problem at once as a ConfigError.
  void validate() const;
  bool operator==(const NetworkConfig&) const = default;
};

// Probabilities of dropping a unit, each in [0, 1); 0: off. Kept units are scaled by 1 / (1 - p).
struct Dropout {
  double input = 0;  // on embeddings
  double layer = 0;  // between layers
  double state =
      0;  // on the recurrent state entering the gates: one mask a sequence and window (Gal & Ghahramani 2016)
  double output = 0;  // before the output layer
  // input, layer and output masks are held for the whole window, too ("variational" or "locked" dropout); false: drawn
  // a step.
  bool locked = false;

  bool any() const { return input > 0 || layer > 0 || state > 0 || output > 0; }
  void validate() const;
};

struct Initialization {
  // Recurrent matrices: each gate's block orthogonal (Saxe et al. 2014); false: uniform like the others.
  bool orthogonal = true;
  // LSTM: added to the forget gate's bias (Jozefowicz et al. 2015); 0: off.
  double forget_bias = 1.0;
};

}  // namespace fude
