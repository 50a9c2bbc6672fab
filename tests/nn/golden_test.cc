// Every logit, state and gradient of twelve networks that PyTorch computed in float64 (tests/golden/make_cells.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "model/model_file.h"
#include "model/safetensors.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace fude {
namespace {

std::vector<int32_t> read_ids(const SafetensorsFile& file, const std::string& name) {
  const TensorView& tensor = file.at(name);
  std::vector<int64_t> wide(tensor.size());
  std::memcpy(wide.data(), tensor.bytes.data(), tensor.bytes.size());
  return {wide.begin(), wide.end()};
}

// The largest difference, relative to the largest value of the tensor.
template <class Real>
double deviation(std::span<const Real> got, const std::vector<double>& expected) {
  double largest = 0, difference = 0;
  for (size_t k = 0; k < expected.size(); ++k) {
    largest = std::max(largest, std::abs(expected[k]));
    difference = std::max(difference, std::abs(static_cast<double>(got[k]) - expected[k]));
  }
  return difference / std::max(largest, 1e-30);
}

template <class Real>
void expect_near(std::span<const Real> got, const SafetensorsFile& file, const std::string& name, double tolerance) {
  const std::vector<double> expected = file.at(name).values<double>(name);
  ASSERT_EQ(got.size(), expected.size()) << name;
  EXPECT_LE(deviation(got, expected), tolerance) << name;
}

template <class Real>
void check_case(const std::string& name, double tolerance) {
  const SafetensorsFile file(std::string(FUDE_GOLDEN_DIR) + "/cells/" + name + ".safetensors");
  const NetworkConfig config = infer_network_config(file);
  Network<Real> network(config);
  read_parameters(file, network.parameters());
  const int steps = static_cast<int>(file.at("input").shape[0]), batch = static_cast<int>(file.at("input").shape[1]);
  const auto inputs = read_ids(file, "input"), targets = read_ids(file, "target");

  NetworkState<Real> state = network.make_state(batch);
  state.h = file.at("h0").values<Real>("h0");
  if (!state.c.empty()) state.c = file.at("c0").values<Real>("c0");
  Workspace<Real> workspace;
  const Window window{steps, batch, inputs.data(), targets.data(), nullptr};
  const NetworkState<Real> start = state;
  const double loss = network.forward(window, state, Logits::kAll, workspace) / (steps * batch);
  const std::span<const Real> logits(workspace.logits, static_cast<size_t>(steps) * batch * config.vocab_size);
  expect_near(logits, file, "logits", tolerance);
  EXPECT_NEAR(loss, file.at("loss").values<double>("loss")[0], tolerance * 10);
  expect_near<Real>(state.h, file, "hT", tolerance);
  if (!state.c.empty()) expect_near<Real>(state.c, file, "cT", tolerance);

  NetworkState<Real> diff_start;
  state = start;
  const Learning<Real> learning{.scale = Real{1} / static_cast<Real>(steps * batch)};
  const double learned = network.forward_backward(window, state, learning, workspace, &diff_start);
  EXPECT_NEAR(learned / (steps * batch), loss, tolerance * 10);
  expect_near<Real>(state.h, file, "hT", tolerance);
  double squares = 0;
  for (const TensorInfo& tensor : network.parameters().tensors()) {
    const std::span<const Real> grad = network.parameters().grad(tensor.name);
    expect_near(grad, file, "grad." + tensor.name, tolerance);
    for (const Real value : grad) squares += static_cast<double>(value) * static_cast<double>(value);
  }
  expect_near<Real>(diff_start.h, file, "grad.h0", tolerance);
  if (!state.c.empty()) expect_near<Real>(diff_start.c, file, "grad.c0", tolerance);
  EXPECT_NEAR(std::sqrt(squares) / file.at("grad_norm").values<double>("grad_norm")[0], 1.0, tolerance);
}

class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, Double_AgreesWithPyTorch) { check_case<double>(GetParam(), 1e-12); }
TEST_P(Golden, Float_AgreesWithPyTorch) { check_case<float>(GetParam(), 1e-5); }

INSTANTIATE_TEST_SUITE_P(Cells, Golden,
                         testing::Values("lstm_0", "lstm_1", "lstm_2", "lstm_3", "gru_0", "gru_1", "gru_2", "gru_3",
                                         "rnn_0", "rnn_1", "rnn_2", "rnn_3"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace fude
