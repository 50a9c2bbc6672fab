// The same bits whatever the number of threads: logits, loss, state and every gradient.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace fude {
namespace {

struct Outcome {
  std::vector<float> logits, grads, h;
  double loss = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome train_once(const NetworkConfig& config, const Dropout& dropout, int batch) {
  constexpr int kSteps = 9;
  Network<float> network(config);
  network.initialize(3);
  Random random(4);
  std::vector<int32_t> ids(static_cast<size_t>(kSteps * batch) + 1);
  for (int32_t& id : ids) id = static_cast<int32_t>(random.below(static_cast<uint64_t>(config.vocab_size)));
  std::vector<uint8_t> reset(static_cast<size_t>(kSteps * batch));
  reset[static_cast<size_t>(2 * batch)] = reset.back() = 1;
  auto state = network.make_state(batch);
  Workspace<float> workspace;
  Outcome outcome;
  const Window window{kSteps, batch, ids.data(), ids.data() + 1, reset.data()};
  for (int pass = 0; pass < 2; ++pass) {  // the second one in a workspace that was used before
    outcome.loss = network.forward(window, state, kSteps, &dropout, {7, static_cast<uint64_t>(pass)}, workspace);
    outcome.logits.assign(workspace.logits.begin(), workspace.logits.end());
    network.backward(window, 0.01f, workspace);
    for (float& weight : network.parameters().values()) weight *= 0.99f;
  }
  outcome.h = state.h;
  outcome.grads.assign(network.parameters().grads().begin(), network.parameters().grads().end());
  return outcome;
}

class Threads : public testing::TestWithParam<std::tuple<const char*, CellKind, int>> {
 protected:
  void SetUp() override {
    try {
      set_backend(std::get<0>(GetParam()));
    } catch (const ConfigError&) {
      GTEST_SKIP() << "built without it";
    }
  }
  void TearDown() override {
    set_backend("auto");
    set_threads(0);
  }
};
INSTANTIATE_TEST_SUITE_P(Network, Threads,
                         testing::Combine(testing::Values("openblas", "onednn"),
                                          testing::Values(CellKind::kLstm, CellKind::kGru, CellKind::kRnn),
                                          testing::Values(1, 7, 20, 70)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) +
                                  std::string(to_string(std::get<1>(test.param))) +
                                  std::to_string(std::get<2>(test.param));
                         });

TEST_P(Threads, AnyNumber_SameBits) {
  const auto [backend, cell, batch] = GetParam();
  for (const bool tied : {false, true}) {
    const NetworkConfig config{
        .cell = cell, .vocab_size = 67, .embed_size = 24, .hidden_size = 75, .num_layers = 2, .tied = tied};
    const Dropout dropout{.input = 0.1, .layer = 0.2, .state = tied ? 0.3 : 0.0, .output = 0.2, .locked = tied};
    set_threads(1);
    const Outcome one = train_once(config, dropout, batch);
    for (const int n : {2, 3, 5}) {
      set_threads(n);
      EXPECT_TRUE(train_once(config, dropout, batch) == one) << n << " threads, tied " << tied;
    }
  }
}

}  // namespace
}  // namespace fude
