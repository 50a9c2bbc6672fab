// The same bits whatever the number of threads: losses, state and every gradient.
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
  std::vector<float> losses, grads, h;
  double loss = 0;
  bool operator==(const Outcome&) const = default;
};

template <class Store>
Outcome train_once(const NetworkConfig& config, const Dropout& dropout, int batch) {
  constexpr int kSteps = 9;
  Network<float> network(config);
  network.initialize(3);
  network.expect_batches_of(batch);
  Random random(4);
  std::vector<int32_t> ids(static_cast<size_t>(kSteps * batch) + 1);
  for (int32_t& id : ids) id = static_cast<int32_t>(random.below(static_cast<uint64_t>(config.vocab_size)));
  std::vector<uint8_t> reset(static_cast<size_t>(kSteps * batch));
  reset[static_cast<size_t>(2 * batch)] = reset.back() = 1;
  auto state = network.make_state(batch);
  Workspace<float, Store> workspace;
  Outcome outcome;
  const Window window{kSteps, batch, ids.data(), ids.data() + 1, reset.data()};
  for (int pass = 0; pass < 2; ++pass) {  // the second one in a workspace that was used before
    const Learning<float> learning{.scale = 0.01f, .dropout = &dropout, .key = {7, static_cast<uint64_t>(pass)}};
    outcome.loss = network.forward_backward(window, state, learning, workspace);
    outcome.losses.assign(workspace.output.loss.begin(), workspace.output.loss.end());
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

template <class Store>
void expect_same_bits(CellKind cell, int batch) {
  for (const int kind : {0, 1, 2, 3}) {
    const bool tied = kind % 2 == 1, drops_input = kind < 2;  // without, input products may be looked up by symbol
    const NetworkConfig config{
        .cell = cell, .vocab_size = 67, .embed_size = 70, .hidden_size = 139, .num_layers = 2, .tied = tied};
    const Dropout dropout{
        .input = drops_input ? 0.1 : 0.0, .layer = 0.2, .state = tied ? 0.3 : 0.0, .output = 0.2, .locked = tied};
    set_threads(1);
    const Outcome one = train_once<Store>(config, dropout, batch);
    for (const int n : {2, 3, 5}) {
      set_threads(n);
      EXPECT_TRUE(train_once<Store>(config, dropout, batch) == one) << n << " threads, kind " << kind;
    }
  }
}

TEST_P(Threads, AnyNumber_SameBits) { expect_same_bits<float>(std::get<1>(GetParam()), std::get<2>(GetParam())); }

class RoundedThreads : public Threads {};
INSTANTIATE_TEST_SUITE_P(Network, RoundedThreads,
                         testing::Combine(testing::Values("onednn", "auto"),
                                          testing::Values(CellKind::kLstm, CellKind::kGru, CellKind::kRnn),
                                          testing::Values(1, 20, 70)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) +
                                  std::string(to_string(std::get<1>(test.param))) +
                                  std::to_string(std::get<2>(test.param));
                         });

TEST_P(RoundedThreads, AnyNumber_SameBits) {
  if (!bf16_available()) GTEST_SKIP() << "no bfloat16 on this CPU";
  expect_same_bits<BFloat16>(std::get<1>(GetParam()), std::get<2>(GetParam()));
}

// Weights too large for a core's cache: threads take units in place of rows. Of few rows there is a product of its own.
TEST(LargeLayer, AnyNumberOfThreads_SameBits) {
  const NetworkConfig config{.vocab_size = 300, .embed_size = 100, .hidden_size = 530, .num_layers = 2};
  for (const int batch : {40, 20}) {
    set_threads(1);
    const Outcome one = train_once<float>(config, {}, batch);
    for (const int n : {2, 3, 4}) {
      set_threads(n);
      EXPECT_TRUE(train_once<float>(config, {}, batch) == one) << n << " threads, batch " << batch;
    }
  }
  set_threads(0);
}

}  // namespace
}  // namespace fude
