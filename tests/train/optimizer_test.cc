// Twelve updates of each optimizer, clipped, as PyTorch made them in float64.
#include "train/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "fude/base/random.h"
#include "model/safetensors.h"

namespace fude {
namespace {

struct Golden {
  const char* name;
  OptimizerOptions options;
};

// The settings stand in each file's metadata.
std::vector<Golden> golden_cases() {
  OptimizerOptions adam{.kind = "adam", .lr = 0.01, .beta2 = 0.999};
  OptimizerOptions adamw{.kind = "adamw", .lr = 0.01, .beta2 = 0.999, .weight_decay = 0.1};
  OptimizerOptions sgd{.kind = "sgd", .lr = 0.1};
  OptimizerOptions momentum{.kind = "sgd", .lr = 0.1, .momentum = 0.9, .weight_decay = 0.001};
  OptimizerOptions rmsprop{.kind = "rmsprop", .lr = 0.01};
  return {{"adam", adam}, {"adamw", adamw}, {"sgd", sgd}, {"sgd_momentum", momentum}, {"rmsprop", rmsprop}};
}

constexpr double kClipNorm = 3;

template <class Real>
void update(Optimizer<Real>& optimizer, double lr, std::vector<Real>& weights, std::span<const Real> grads,
            double grad_scale = 1) {
  const auto begun = optimizer.begin(lr, grad_scale);
  const size_t first = weights.size() / 3;  // runs may come in any order
  optimizer.apply(begun, first, weights.size() - first, weights, grads);
  optimizer.apply(begun, 0, first, weights, grads);
}

template <class Real>
void check_against_pytorch(const Golden& golden, double tolerance) {
  const SafetensorsFile file(std::string(FUDE_GOLDEN_DIR) + "/optimizers/optim_" + golden.name + ".safetensors");
  auto weights = file.at("w0").values<Real>("w0");
  const auto grads = file.at("grads").values<Real>("grads");
  const auto expected = file.at("weights").values<double>("weights");
  const size_t size = weights.size();
  ASSERT_EQ(expected.size(), 12 * size);
  Optimizer<Real> optimizer(golden.options, size);
  for (size_t step = 0; step < 12; ++step) {
    std::vector<Real> grad(grads.begin() + static_cast<std::ptrdiff_t>(step * size),
                           grads.begin() + static_cast<std::ptrdiff_t>((step + 1) * size));
    const std::span<const Real> view(grad);
    update(optimizer, golden.options.lr, weights, view, clip_scale(kClipNorm, global_norm(view)));
    for (size_t k = 0; k < size; ++k)
      ASSERT_NEAR(static_cast<double>(weights[k]), expected[step * size + k], tolerance)
          << golden.name << ", step " << step << ", weight " << k;
  }
  EXPECT_EQ(optimizer.steps(), 12);
}

TEST(Optimizer, Double_EqualsPytorch) {
  for (const Golden& golden : golden_cases()) check_against_pytorch<double>(golden, 1e-12);
}

TEST(Optimizer, Float_IsNearPytorch) {
  for (const Golden& golden : golden_cases()) check_against_pytorch<float>(golden, 1e-5);
}

TEST(Optimizer, SavedMoments_ContinueAsIfNeverStopped) {
  const std::vector<float> grad = {0.5f, -0.25f, 2.0f};
  for (const Golden& golden : golden_cases()) {
    std::vector<float> straight = {1, 2, 3};
    Optimizer<float> optimizer(golden.options, 3);
    for (int k = 0; k < 4; ++k) update(optimizer, 0.1, straight, std::span<const float>(grad));

    std::vector<float> resumed = {1, 2, 3};
    Optimizer<float> first(golden.options, 3), second(golden.options, 3);
    for (int k = 0; k < 2; ++k) update(first, 0.1, resumed, std::span<const float>(grad));
    std::copy(first.average().begin(), first.average().end(), second.average().begin());
    std::copy(first.squares().begin(), first.squares().end(), second.squares().begin());
    second.set_steps(first.steps());
    for (int k = 0; k < 2; ++k) update(second, 0.1, resumed, std::span<const float>(grad));
    EXPECT_EQ(resumed, straight) << golden.name;
  }
}

TEST(GlobalNorm, IsEuclidean) {
  const std::vector<double> grads = {3, 4};
  EXPECT_DOUBLE_EQ(global_norm<double>(grads), 5);
}

TEST(GlobalNorm, LongGradient_NearlyExactInFloat) {
  Random random(3);
  std::vector<float> grads(300001);
  double sum = 0;
  for (float& grad : grads) {
    grad = static_cast<float>(random.normal());
    sum += static_cast<double>(grad) * grad;
  }
  EXPECT_NEAR(global_norm<float>(grads) / std::sqrt(sum), 1, 1e-7);
}

TEST(GlobalNorm, FewSymbolsRows_AsOfAll) {
  const NetworkConfig config{.vocab_size = 3000, .embed_size = 20, .hidden_size = 24};
  Parameters<float> parameters(config);
  Random random(4);
  for (float& grad : parameters.grads().subspan(3000 * 20)) grad = static_cast<float>(random.normal());
  const auto [embedding, rows] = parameters.embedding_grad();
  rows.clear();
  for (int32_t row = 7; row < 3000; row += 13) {
    rows.push_back(row);
    for (size_t k = 0; k < 20; ++k) embedding[static_cast<size_t>(row) * 20 + k] = static_cast<float>(random.normal());
  }
  const double of_all = global_norm(std::as_const(parameters).grads());
  EXPECT_NEAR(global_norm(parameters) / of_all, 1, 1e-7);
  rows.erase(rows.begin() + 100);  // so few are looked at that it shows
  EXPECT_LT(global_norm(parameters), of_all * (1 - 1e-6));
}

TEST(ClipScale, LongGradient_GetsTheLimitAsNorm) { EXPECT_NEAR(clip_scale(1, 5), 0.2, 1e-6); }

TEST(ClipScale, ShortGradientOrNoLimit_ChangesNothing) {
  EXPECT_EQ(clip_scale(6, 5), 1);
  EXPECT_EQ(clip_scale(0, 5), 1);
}

TEST(ClipScale, NotFinite_LeavesItAlone) {
  EXPECT_EQ(clip_scale(1, std::numeric_limits<double>::infinity()), 1);
  EXPECT_EQ(clip_scale(1, std::nan("")), 1);
}

}  // namespace
}  // namespace fude
