#include "fude/nn/config.h"

#include <array>
#include <cmath>
#include <vector>

#include "fude/base/error.h"

namespace fude {
namespace {

constexpr std::array<std::string_view, 3> kCellNames = {"lstm", "gru", "rnn"};
// Far above what one machine can train; keeps sizes of any configuration far from overflow.
constexpr int kMaxSize = 1 << 20;

void check_range(const char* name, int value, int low, int high, std::string& problems) {
  if (value >= low && value <= high) return;
  problems += std::string(problems.empty() ? "" : "; ") + name + " must be " + std::to_string(low) + " to " +
              std::to_string(high) + ", got " + std::to_string(value);
}

}  // namespace

CellKind parse_cell(std::string_view name) {
  for (size_t k = 0; k < kCellNames.size(); ++k)
    if (name == kCellNames[k]) return static_cast<CellKind>(k);
  throw ConfigError("unknown cell \"" + std::string(name) + "\"", "choose lstm, gru or rnn");
}

std::string_view to_string(CellKind kind) { return kCellNames[static_cast<size_t>(kind)]; }

void NetworkConfig::validate() const {
  std::string problems;
  check_range("vocab_size", vocab_size, 2, 1 << 24, problems);
  check_range("embed_size", embed_size, 1, kMaxSize, problems);
  check_range("hidden_size", hidden_size, 1, kMaxSize, problems);
  check_range("num_layers", num_layers, 1, 8, problems);
  if (!problems.empty()) throw ConfigError(problems);
}

void Dropout::validate() const {
  std::string problems;
  const auto check = [&](const char* name, double value) {
    if (value >= 0 && value < 1) return;
    problems += std::string(problems.empty() ? "" : "; ") + name + " must be in [0, 1), got " + std::to_string(value);
  };
  check("dropout on the input", input);
  check("dropout between layers", layer);
  check("dropout on the state", state);
  check("dropout on the output", output);
  if (!problems.empty()) throw ConfigError(problems);
}

}  // namespace fude
