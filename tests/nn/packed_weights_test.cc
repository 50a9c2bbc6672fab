// Weights that are changed and packed in one pass.
#include "nn/packed_weights.h"

#include <gtest/gtest.h>

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace fude {
namespace {

struct Passed {
  double loss;
  std::vector<float> h, grads;
  bool operator==(const Passed&) const = default;
};

template <class Store>
Passed pass(Network<float>& network, int batch) {
  constexpr int kSteps = 3;
  Random random(4);
  std::vector<int32_t> ids(static_cast<size_t>(kSteps * batch) + 1);
  for (int32_t& id : ids) id = static_cast<int32_t>(random.below(static_cast<uint64_t>(network.config().vocab_size)));
  auto state = network.make_state(batch);
  Workspace<float, Store> workspace;
  const Window window{kSteps, batch, ids.data(), ids.data() + 1, nullptr};
  const double loss = network.forward_backward<Store>(window, state, {.scale = 0.01f}, workspace);
  const auto grads = network.parameters().grads();
  return {loss, state.h, {grads.begin(), grads.end()}};
}

// An update must leave what packing anew would.
template <class Store>
void expect_update_packs(const NetworkConfig& config, int batch) {
  Network<float> updated(config), anew(config);
  updated.initialize(3);
  anew.initialize(3);
  for (Network<float>* const network : {&updated, &anew}) network->expect_batches_of(batch);
  pass<Store>(updated, batch);

  std::vector<std::atomic<int>> changes(updated.parameters().values().size());
  const auto change = [&](float& weight) { weight *= 1.25f; };
  const std::span<float> weights = updated.parameters().values();
  updated.update<Store>([&](size_t begin, size_t size) {
    for (size_t k = begin; k < begin + size; ++k) {
      change(weights[k]);
      ++changes[k];
    }
  });
  for (size_t k = 0; k < changes.size(); ++k) ASSERT_EQ(changes[k], 1) << "weight " << k;
  for (float& weight : anew.parameters().values()) change(weight);
  EXPECT_EQ(pass<Store>(updated, batch), pass<Store>(anew, batch));
}

// Widths that end within panels, pairs and runs; batches of 64 go by rows, those of 8 by slices of units.
std::vector<NetworkConfig> configs() {
  return {{.vocab_size = 67, .embed_size = 70, .hidden_size = 130, .num_layers = 2},
          {.cell = CellKind::kGru, .vocab_size = 67, .embed_size = 71, .hidden_size = 129, .num_layers = 1},
          {.vocab_size = 101, .embed_size = 66, .hidden_size = 140, .num_layers = 2, .tied = true}};
}

// Deep enough for oneDNN to sum up in parts: a run that is resumed evaluates before it trains.
TEST(FewRows, ForwardPass_HasTheSameBitsBeforeAndAfterTraining) {
  const NetworkConfig config{.vocab_size = 67, .embed_size = 70, .hidden_size = 650, .num_layers = 1};
  constexpr int kSteps = 3, kRows = 20;
  Network<float> fresh(config), trained(config);
  for (Network<float>* const network : {&fresh, &trained}) {
    network->initialize(3);
    network->expect_batches_of(kRows);
  }
  pass<float>(trained, kRows);
  const auto forward = [&](Network<float>& network, int rows) {
    std::vector<int32_t> ids(static_cast<size_t>(kSteps * rows) + 1, 5);
    auto state = network.make_state(rows);
    Workspace<float, float> workspace;
    network.forward({kSteps, rows, ids.data(), ids.data() + 1, nullptr}, state, Logits::kNone, workspace);
    return state.h;
  };
  for (const int rows : {1, kRows, 64}) EXPECT_EQ(forward(fresh, rows), forward(trained, rows)) << rows << " rows";
}

class UpdateWith : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    set_threads(2);
    try {
      set_backend(GetParam());
    } catch (const ConfigError&) {
      GTEST_SKIP() << "built without it";
    }
  }
  void TearDown() override {
    set_backend("auto");
    set_threads(0);
  }
};
INSTANTIATE_TEST_SUITE_P(Network, UpdateWith, testing::Values("openblas", "onednn"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(UpdateWith, EveryWeightOnce_PacksAsAnew) {
  for (const NetworkConfig& config : configs())
    for (const int batch : {64, 8}) expect_update_packs<float>(config, batch);
}

TEST(RoundedUpdate, EveryWeightOnce_PacksAsAnew) {
  if (!bf16_available()) GTEST_SKIP() << "no bfloat16 on this CPU";
  set_threads(2);
  for (const NetworkConfig& config : configs())
    for (const int batch : {64, 8}) expect_update_packs<BFloat16>(config, batch);
  set_threads(0);
}

}  // namespace
}  // namespace fude
