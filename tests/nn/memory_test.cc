// Buffers: made once a shape, and as large as was said before.
#include "nn/memory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "fude/base/random.h"
#include "fude/compute/backend.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace {

// Allocations of at least kBuffer bytes by any thread while they are counted. oneDNN makes some hundred bytes for the
// arguments of each call; what holds numbers is larger.
constexpr std::size_t kBuffer = 1024;
std::atomic<bool> counting{false};
std::atomic<int> buffers{0};

void* counted_allocation(std::size_t size) {
  if (counting && size >= kBuffer) ++buffers;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted_allocation(size); }
void* operator new[](std::size_t size) { return counted_allocation(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace fude {
namespace {

const Dropout kDropout{.layer = 0.2, .state = 0.1, .output = 0.2};

template <class Store>
class Trained {
 public:
  Trained(const NetworkConfig& config, int steps, int batch)
      : network_(config),
        state_(network_.make_state(batch)),
        ids_(static_cast<size_t>(steps * batch) + 1),
        window_{steps, batch, ids_.data(), ids_.data() + 1, nullptr} {
    network_.initialize(1);
    Random random(2);
    for (int32_t& id : ids_) id = static_cast<int32_t>(random.below(static_cast<uint64_t>(config.vocab_size)));
  }
  void step() {
    network_.forward_backward(window_, state_, {.scale = 0.01f, .dropout = &kDropout}, workspace_);
    for (float& weight : network_.parameters().values()) weight *= 0.99f;
  }
  const Workspace<float, Store>& workspace() const { return workspace_; }

 private:
  Network<float> network_;
  Workspace<float, Store> workspace_;
  NetworkState<float> state_;
  std::vector<int32_t> ids_;
  Window window_;
};

// Of each kind of network those that take another road: few symbols, some that repeat, many, slices of units, a
// projection, chunks of logits.
std::vector<NetworkConfig> networks() {
  return {{.vocab_size = 40, .embed_size = 70, .hidden_size = 128, .num_layers = 2},
          {.cell = CellKind::kGru, .vocab_size = 3000, .embed_size = 70, .hidden_size = 128, .num_layers = 1},
          {.vocab_size = 500, .embed_size = 64, .hidden_size = 330, .num_layers = 2, .tied = true},
          {.cell = CellKind::kRnn, .vocab_size = 9000, .embed_size = 64, .hidden_size = 64, .num_layers = 3}};
}

template <class Store>
void expect_no_new_buffers() {
  for (const NetworkConfig& config : networks()) {
    Trained<Store> trained(config, 70, 24);
    trained.step();
    trained.step();
    buffers = 0;
    counting = true;
    for (int step = 0; step < 3; ++step) trained.step();
    counting = false;
    EXPECT_EQ(buffers, 0) << to_string(config.cell) << " " << config.hidden_size;
  }
}

TEST(Buffers, AfterTheFirstSteps_NoneIsMade) { expect_no_new_buffers<float>(); }

TEST(Buffers, Rounded_NoneIsMadeEither) {
  if (!bf16_available()) GTEST_SKIP() << "no bfloat16 on this CPU";
  expect_no_new_buffers<BFloat16>();
}

TEST(Gradients, NetworkThatReads_HasNone) {
  const NetworkConfig config{.vocab_size = 40, .embed_size = 8, .hidden_size = 16};
  Network<float> network(config);
  const Network<float>& reader = network;
  Workspace<float> workspace;
  NetworkState<float> state = network.make_state(1);
  const std::vector<int32_t> ids = {1, 2, 3};
  const Window window{2, 1, ids.data(), ids.data() + 1, nullptr};
  reader.forward(window, state, Logits::kNone, workspace);
  EXPECT_TRUE(reader.parameters().grads().empty());
  network.forward_backward(window, state, {.scale = 1}, workspace);
  EXPECT_EQ(reader.parameters().grads().size(), parameter_count(config));
}

template <class T>
size_t bytes_of(const std::vector<T>& buffer) {
  return buffer.size() * sizeof(T);
}

template <class Store>
size_t bytes_of(const GradientRows<float, Store>& rows) {
  return sizeof(Store) * static_cast<size_t>(rows.source().rows) * static_cast<size_t>(rows.source().cols);
}

template <class Store>
size_t bytes_of(const Workspace<float, Store>& workspace) {
  size_t sum = bytes_of(workspace.embedded) + bytes_of(workspace.input_mask) + bytes_of(workspace.diff_upper) +
               bytes_of(workspace.diff_lower) + bytes_of(workspace.diff_embedded) + bytes_of(workspace.symbol_products);
  for (const auto& layer : workspace.recurrent)
    sum += bytes_of(layer.gates) + bytes_of(layer.symbol_gates) + bytes_of(layer.state_n) + bytes_of(layer.entering) +
           bytes_of(layer.outputs) + bytes_of(layer.c) + bytes_of(layer.carried) + bytes_of(layer.mask) +
           bytes_of(layer.diff_c) + bytes_of(layer.diff_h) + bytes_of(layer.gradient_src) +
           bytes_of(layer.gradient_entering);
  for (const auto& layer : workspace.dropped) sum += bytes_of(layer);
  for (const auto& layer : workspace.output_masks) sum += bytes_of(layer);
  const auto& output = workspace.output;
  sum += bytes_of(output.projected) + bytes_of(output.product) + bytes_of(output.logits) +
         bytes_of(output.diff_logits) + bytes_of(output.diff_product) + bytes_of(output.diff_projected) +
         bytes_of(output.loss) + bytes_of(output.gradient_features) +
         sizeof(Store) * (output.turned.size() + workspace.turned.size());
  for (const auto& member : workspace.scratch)
    for (const auto& slice : member)
      sum += bytes_of(slice.products) + bytes_of(slice.products_h) + bytes_of(slice.through) + bytes_of(slice.gathered);
  return sum;
}

template <class Store>
void expect_as_predicted(bool rounded) {
  for (const NetworkConfig& config : networks()) {
    Trained<Store> trained(config, 100, 24);
    trained.step();
    const auto predicted = static_cast<double>(workspace_bytes(config, {100, 24, true, rounded, kDropout}));
    EXPECT_NEAR(static_cast<double>(bytes_of(trained.workspace())) / predicted, 1, 0.15)
        << to_string(config.cell) << " " << config.hidden_size;
  }
}

TEST(WorkspaceBytes, Prediction_IsNearToWhatIsTaken) { expect_as_predicted<float>(false); }

TEST(WorkspaceBytes, Rounded_IsNearToo) {
  if (!bf16_available()) GTEST_SKIP() << "no bfloat16 on this CPU";
  expect_as_predicted<BFloat16>(true);
}

}  // namespace
}  // namespace fude
