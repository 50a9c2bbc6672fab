// The distinct symbols of a window, and that what is computed once for each is what each place would have had.
#include "nn/window_symbols.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fude/base/random.h"
#include "fude/compute/backend.h"
#include "nn/network.h"
#include "nn/workspace.h"

namespace fude {
namespace {

std::vector<int32_t> places_of(const WindowSymbols& symbols, int row) {
  const auto places = symbols.places(row);
  return {places.begin(), places.end()};
}

TEST(WindowSymbols, Window_IdsAscendAndPlacesToo) {
  WindowSymbols symbols;
  for (const std::vector<int32_t>& ids : {std::vector<int32_t>{0, 1}, {7, 2, 7, 9, 2, 7}}) symbols.find(ids, 10);
  EXPECT_EQ(std::vector<int32_t>(symbols.ids().begin(), symbols.ids().end()), (std::vector<int32_t>{2, 7, 9}));
  EXPECT_EQ(std::vector<int32_t>(symbols.index(), symbols.index() + 6), (std::vector<int32_t>{1, 0, 1, 2, 0, 1}));
  EXPECT_EQ(places_of(symbols, 0), (std::vector<int32_t>{1, 4}));
  EXPECT_EQ(places_of(symbols, 1), (std::vector<int32_t>{0, 2, 5}));
  EXPECT_EQ(places_of(symbols, 2), (std::vector<int32_t>{3}));
}

TEST(WindowSymbols, Rows_AreWholeBlocksAndTheLastAreNowhere) {
  WindowSymbols symbols;
  symbols.find(std::vector<int32_t>{5, 5, 3}, 6);
  EXPECT_EQ(symbols.rows(), WindowSymbols::kBlock);
  EXPECT_TRUE(symbols.places(2).empty());
  EXPECT_TRUE(symbols.places(symbols.rows() - 1).empty());
}

TEST(WindowSymbols, MostRows_ThreeForFourPlaces) {
  EXPECT_EQ(WindowSymbols::most_rows(100'000, 700), 512U);
  EXPECT_EQ(WindowSymbols::most_rows(65, 8192), 96U);
  EXPECT_EQ(WindowSymbols::most_rows(65, 40), 0U);
}

template <class Real>
struct Outcome {
  double loss = 0;
  std::vector<Real> h, c, grads, diff_h;
};

// Of a window that repeats its symbols and begins anew in some rows. With `place_by_place` each place's products are
// made of its own: as with dropout on the input, be it next to none.
template <class Real, class Store>
Outcome<Real> learn(const NetworkConfig& config, bool place_by_place) {
  constexpr int kSteps = 12, kBatch = 17;
  Network<Real> network(config);
  network.initialize(3);
  Random random(4);
  std::vector<int32_t> ids(kSteps * kBatch + 1);
  for (int32_t& id : ids) id = static_cast<int32_t>(random.below(60) * 3);
  std::vector<uint8_t> reset(kSteps * kBatch);
  reset[40] = reset[90] = 1;
  auto state = network.make_state(kBatch), diff_start = state;
  for (Real& value : state.h) value = static_cast<Real>(random.normal() / 2);
  const Dropout dropout{.input = place_by_place ? 1e-14 : 0.0};
  Workspace<Real, Store> workspace;
  Outcome<Real> outcome;
  outcome.loss = network.forward_backward({kSteps, kBatch, ids.data(), ids.data() + 1, reset.data()}, state,
                                          {.carry = 7, .dropout = &dropout}, workspace, &diff_start);
  EXPECT_EQ(workspace.symbol_products.empty(), place_by_place);
  outcome.h = state.h;
  outcome.c = state.c;
  outcome.diff_h = diff_start.h;
  outcome.grads.assign(network.parameters().grads().begin(), network.parameters().grads().end());
  return outcome;
}

template <class Real>
void expect_near(const std::vector<Real>& a, const std::vector<Real>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  Real largest = 0, difference = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    largest = std::max(largest, std::abs(a[k]));
    difference = std::max(difference, std::abs(a[k] - b[k]));
  }
  EXPECT_LE(difference, tolerance * largest);
}

template <class Real, class Store>
void expect_as_place_by_place(CellKind cell, double tolerance) {
  for (const bool tied : {false, true}) {
    const NetworkConfig config{
        .cell = cell, .vocab_size = 200, .embed_size = 20, .hidden_size = 24, .num_layers = 2, .tied = tied};
    const auto by_symbol = learn<Real, Store>(config, false), by_place = learn<Real, Store>(config, true);
    EXPECT_NEAR(by_symbol.loss, by_place.loss, tolerance * by_place.loss);
    expect_near(by_symbol.h, by_place.h, tolerance);
    expect_near(by_symbol.c, by_place.c, tolerance);
    expect_near(by_symbol.grads, by_place.grads, tolerance);
    expect_near(by_symbol.diff_h, by_place.diff_h, tolerance);
  }
}

class BySymbol : public testing::TestWithParam<CellKind> {};
INSTANTIATE_TEST_SUITE_P(Cells, BySymbol, testing::Values(CellKind::kLstm, CellKind::kGru, CellKind::kRnn),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST_P(BySymbol, Double_IsAsPlaceByPlace) { expect_as_place_by_place<double, double>(GetParam(), 1e-12); }
TEST_P(BySymbol, Float_IsAsPlaceByPlace) { expect_as_place_by_place<float, float>(GetParam(), 1e-5); }
TEST_P(BySymbol, Rounded_IsNearToPlaceByPlace) {
  if (!bf16_available()) GTEST_SKIP() << "no bfloat16 on this CPU";
  expect_as_place_by_place<float, BFloat16>(GetParam(), 0.01);
}

// A pass over symbols 0, `apart`, 2·apart and so on, some of them often.
std::vector<int32_t> learn_symbols(Network<float>& network, Workspace<float>& workspace, int32_t apart,
                                   const Dropout& dropout) {
  constexpr int kSteps = 12, kBatch = 17;
  Random random(7);
  std::vector<int32_t> ids(kSteps * kBatch + 1);
  for (int32_t& id : ids) id = static_cast<int32_t>(random.below(40)) * apart;
  auto state = network.make_state(kBatch);
  network.forward_backward({kSteps, kBatch, ids.data(), ids.data() + 1, nullptr}, state, {.dropout = &dropout},
                           workspace);
  ids.pop_back();
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void expect_nothing_of_the_window_before(const Dropout& dropout) {
  const NetworkConfig config{.vocab_size = 200, .embed_size = 20, .hidden_size = 24};
  Network<float> alone(config), network(config);
  for (Network<float>* const one : {&alone, &network}) one->initialize(3);
  Workspace<float> first, workspace;
  const std::vector<int32_t> symbols = learn_symbols(alone, first, 4, dropout);
  const auto expect_gradients_alone = [&] {
    EXPECT_THAT(std::as_const(network).parameters().grads(),
                testing::ElementsAreArray(std::as_const(alone).parameters().grads()));
    ASSERT_NE(network.parameters().embedding_rows(), nullptr);
    EXPECT_EQ(*network.parameters().embedding_rows(), symbols);
  };
  learn_symbols(network, workspace, 3, dropout);
  learn_symbols(network, workspace, 4, dropout);
  expect_gradients_alone();
  const std::span<float> grads = network.parameters().grads();  // by which anybody may write anywhere
  EXPECT_EQ(network.parameters().embedding_rows(), nullptr);
  std::fill(grads.begin(), grads.end(), 1.0F);
  learn_symbols(network, workspace, 4, dropout);
  expect_gradients_alone();
}

TEST(EmbeddingGradient, NextWindow_HasNothingOfTheOneBefore) {
  expect_nothing_of_the_window_before({});
  expect_nothing_of_the_window_before({.input = 0.2});
}

}  // namespace
}  // namespace fude
