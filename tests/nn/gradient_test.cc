// Gradients against central differences, in double, of an asymmetric loss: every cell, with and without each dropout,
// one step and several, from a carried state, with resets inside the window, with tied weights and a projection, with
// the first layer's products looked up by symbol, with a sampled softmax.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "fude/base/random.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace fude {
namespace {

struct Case {
  std::string name;
  NetworkConfig config;
  Dropout dropout;
  int steps = 1;
  bool reset = false;
  bool sampled = false;
};

std::vector<Case> all_cases() {
  std::vector<std::pair<std::string, Dropout>> dropouts(1, {"Plain", {}});
  const auto add = [&](const char* name, double Dropout::*rate, bool locked) {
    Dropout dropout;
    dropout.*rate = 0.4;
    dropout.locked = locked;
    dropouts.emplace_back(name, dropout);
  };
  add("DropInput", &Dropout::input, false);
  add("DropInputLocked", &Dropout::input, true);
  add("DropLayer", &Dropout::layer, false);
  add("DropLayerLocked", &Dropout::layer, true);
  add("DropState", &Dropout::state, false);
  add("DropOutput", &Dropout::output, false);
  add("DropOutputLocked", &Dropout::output, true);
  std::vector<Case> cases;
  for (const CellKind cell : {CellKind::kLstm, CellKind::kGru, CellKind::kRnn}) {
    for (const auto& [name, dropout] : dropouts)
      for (const int steps : {1, 4})
        cases.push_back({std::string(to_string(cell)) + name + "T" + std::to_string(steps),
                         {.cell = cell, .vocab_size = 6, .embed_size = 3, .hidden_size = 4, .num_layers = 2},
                         dropout,
                         steps,
                         false});
    cases.push_back({std::string(to_string(cell)) + "Reset",
                     {.cell = cell, .vocab_size = 5, .embed_size = 4, .hidden_size = 3, .num_layers = 1},
                     {},
                     5,
                     true});
    cases.push_back({std::string(to_string(cell)) + "Tied",
                     {.cell = cell, .vocab_size = 5, .embed_size = 4, .hidden_size = 4, .num_layers = 1, .tied = true},
                     {},
                     3,
                     false});
    // Windows that repeat their symbols, be they all there are or not.
    cases.push_back({std::string(to_string(cell)) + "Few",
                     {.cell = cell, .vocab_size = 3, .embed_size = 4, .hidden_size = 3, .num_layers = 2},
                     {},
                     23,
                     true});
    cases.push_back({std::string(to_string(cell)) + "TiedFew",
                     {.cell = cell, .vocab_size = 3, .embed_size = 4, .hidden_size = 3, .num_layers = 1, .tied = true},
                     {},
                     23,
                     false});
    cases.push_back({std::string(to_string(cell)) + "Repeats",
                     {.cell = cell, .vocab_size = 38, .embed_size = 4, .hidden_size = 3, .num_layers = 2},
                     {},
                     26,
                     true});
    cases.push_back({std::string(to_string(cell)) + "TiedRepeats",
                     {.cell = cell, .vocab_size = 38, .embed_size = 3, .hidden_size = 4, .num_layers = 1, .tied = true},
                     {},
                     26,
                     true});
    cases.push_back({std::string(to_string(cell)) + "Sampled",
                     {.cell = cell, .vocab_size = 9, .embed_size = 3, .hidden_size = 4, .num_layers = 1},
                     {},
                     3,
                     false,
                     true});
    cases.push_back({std::string(to_string(cell)) + "TiedSampled",
                     {.cell = cell, .vocab_size = 9, .embed_size = 3, .hidden_size = 4, .num_layers = 1, .tied = true},
                     {},
                     3,
                     false,
                     true});
    Dropout every{.input = 0.3, .layer = 0.3, .state = 0.3, .output = 0.3, .locked = false};
    cases.push_back({std::string(to_string(cell)) + "TiedProjection",
                     {.cell = cell, .vocab_size = 5, .embed_size = 3, .hidden_size = 4, .num_layers = 3, .tied = true},
                     every,
                     3,
                     true});
  }
  return cases;
}

class Gradient : public testing::TestWithParam<Case> {};

TEST_P(Gradient, Backward_AgreesWithDifferences) {
  const Case& test = GetParam();
  constexpr int kBatch = 2;
  constexpr double kScale = 0.7;
  Network<double> network(test.config);
  network.initialize(3);
  Random random(11);
  for (double& value : network.parameters().values()) value += 0.3 * random.normal();

  const size_t count = static_cast<size_t>(test.steps) * kBatch;
  std::vector<int32_t> inputs(count), targets(count);
  std::vector<uint8_t> reset(count, 0);
  for (size_t k = 0; k < count; ++k) {
    inputs[k] = static_cast<int32_t>(random.below(test.config.vocab_size));
    targets[k] = static_cast<int32_t>(random.below(test.config.vocab_size));
    // The rows differ in where they begin anew and in what counts, so that no error cancels out.
    if (test.reset && k % 5 == 3) reset[k] = 1;
    if (count > 2 && k % 4 == 2) targets[k] = -1;
  }
  NetworkState<double> start = network.make_state(kBatch);
  for (double& value : start.h) value = random.normal() * 0.5;
  for (double& value : start.c) value = random.normal() * 0.5;

  const Window window{test.steps, kBatch, inputs.data(), targets.data(), test.reset ? reset.data() : nullptr};
  Workspace<double> workspace;
  // All targets and some other symbols, drawn with different chances.
  std::vector<int32_t> candidates;
  std::vector<double> log_rates;
  for (int32_t id = 0; test.sampled && id < test.config.vocab_size; ++id)
    if (id % 3 == 0 || std::find(targets.begin(), targets.end(), id) != targets.end()) {
      candidates.push_back(id);
      log_rates.push_back(-0.2 * id);
    }
  const Learning<double> learning{
      .scale = kScale, .dropout = &test.dropout, .key = {5, 9}, .candidates = {candidates, log_rates}};
  const auto loss = [&](const NetworkState<double>& from) {
    NetworkState<double> state = from;
    return kScale * network.forward_backward(window, state, learning, workspace);
  };
  NetworkState<double> state = start, diff_start;
  network.forward_backward(window, state, learning, workspace, &diff_start);
  EXPECT_EQ(workspace.symbol_products.empty(), test.steps < 23) << "another road than meant";
  const std::vector<double> grads(network.parameters().grads().begin(), network.parameters().grads().end());

  constexpr double kStep = 1e-5, kTolerance = 1e-7;
  // `value` gives the number to write to; asked for anew each time, so that a network knows of the change.
  const auto expect_slope = [&](const auto& value, double grad, const std::string& what) {
    const double kept = value();
    value() = kept + kStep;
    const double above = loss(start);
    value() = kept - kStep;
    const double below = loss(start);
    value() = kept;
    EXPECT_NEAR(grad, (above - below) / (2 * kStep), kTolerance) << what;
  };
  for (const TensorInfo& tensor : network.parameters().tensors())
    for (size_t k = tensor.offset; k < tensor.offset + tensor.size; ++k)
      expect_slope([&]() -> double& { return network.parameters().values()[k]; }, grads[k],
                   tensor.name + "[" + std::to_string(k - tensor.offset) + "]");
  for (size_t k = 0; k < start.h.size(); ++k)
    expect_slope([&]() -> double& { return start.h[k]; }, diff_start.h[k], "h[" + std::to_string(k) + "]");
  for (size_t k = 0; k < start.c.size(); ++k)
    expect_slope([&]() -> double& { return start.c[k]; }, diff_start.c[k], "c[" + std::to_string(k) + "]");
}

INSTANTIATE_TEST_SUITE_P(Cells, Gradient, testing::ValuesIn(all_cases()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace fude
