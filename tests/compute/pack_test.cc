#include "compute/kernels/pack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>
#include <vector>

#include "compute/kernels/transpose.h"
#include "fude/base/random.h"

namespace fude {
namespace {

// Whole numbers that bfloat16 holds exactly, none of them zero.
template <class T>
std::vector<T> numbers(size_t size) {
  Random random(1);
  std::vector<T> all(size);
  for (T& one : all) one = static_cast<T>(static_cast<float>(1 + random.below(255)));
  return all;
}

template <class T>
class TransposeOf : public ::testing::Test {};
using Kinds = ::testing::Types<float, BFloat16>;
TYPED_TEST_SUITE(TransposeOf, Kinds);

struct Shape {
  int rows, cols, stride;
};
// Whole vectors and blocks, and what is left over beside them; rows with gaps; an odd stride.
constexpr Shape kShapes[] = {{1, 1, 1},      {64, 32, 32}, {64, 64, 70},    {65, 33, 33},   {7, 130, 131},
                             {130, 47, 200}, {3, 64, 64},  {128, 650, 650}, {650, 128, 129}};

TYPED_TEST(TransposeOf, Matrix_PutsEveryElementInItsPlace) {
  for (const auto& [rows, cols, stride] : kShapes) {
    const auto src = numbers<TypeParam>(static_cast<size_t>(rows * stride));
    std::vector<TypeParam> dst(static_cast<size_t>(rows * cols) + 1, TypeParam(0.0f));
    transpose(MatrixView<const TypeParam>(src.data(), rows, cols, stride), dst.data());
    for (int row = 0; row < rows; ++row)
      for (int col = 0; col < cols; ++col)
        ASSERT_EQ(dst[static_cast<size_t>(col * rows + row)], src[static_cast<size_t>(row * stride + col)])
            << rows << " x " << cols << " at " << row << ", " << col;
    EXPECT_EQ(dst.back(), TypeParam(0.0f)) << "wrote behind the end of " << rows << " x " << cols;
  }
}

// What is packed, and from what.
template <class Store_, class Source_>
struct Numbers {
  using Store = Store_;
  using Source = Source_;
};
template <class T>
class PutInPanels : public ::testing::Test {};
using Pairs = ::testing::Types<Numbers<float, float>, Numbers<BFloat16, float>, Numbers<BFloat16, BFloat16>>;
TYPED_TEST_SUITE(PutInPanels, Pairs);

// In parts, which end within panels, as well as at once; zeros around them.
TYPED_TEST(PutInPanels, Parts_PutEveryElementInItsPlace) {
  using Store = typename TypeParam::Store;
  using Source = typename TypeParam::Source;
  constexpr int kPair = std::is_same_v<Store, float> ? 1 : 2;
  for (const Transpose turn : {Transpose::kNo, Transpose::kYes})
    for (const int columns : {32, 48, 64})
      for (const int part_rows : {26, 1000})
        for (const auto& [rows, cols, stride] : kShapes) {
          const bool turned = turn == Transpose::kYes;
          const int k_size = turned ? cols : rows, n_size = turned ? rows : cols;
          const PanelLayout layout{columns, (k_size + 31) / 32 * 32};
          const int panels = (n_size + columns - 1) / columns;
          const auto src = numbers<Source>(static_cast<size_t>(rows * stride));
          std::vector<Store> dst(static_cast<size_t>(panels * layout.depth * columns) + 1, Store(-1.0f));
          clear_padding(layout, k_size, n_size, dst.data());
          for (int row = 0; row < rows; row += part_rows)
            put_in_panels(
                layout, turn,
                MatrixView<const Source>(src.data() + row * stride, std::min(part_rows, rows - row), cols, stride),
                turned ? 0 : row, turned ? row : 0, dst.data());
          for (int n = 0; n < panels * columns; ++n)
            for (int k = 0; k < layout.depth; ++k) {
              const bool inside = n < n_size && k < k_size;
              const float expected =
                  inside ? static_cast<float>(src[static_cast<size_t>(turned ? n * stride + k : k * stride + n)]) : 0;
              const int at =
                  n / columns * layout.depth * columns + (k / kPair * columns + n % columns) * kPair + k % kPair;
              ASSERT_EQ(static_cast<float>(dst[static_cast<size_t>(at)]), expected)
                  << rows << " x " << cols << ", " << columns << " columns, at " << k << ", " << n;
            }
          EXPECT_EQ(static_cast<float>(dst.back()), -1.0f) << "wrote behind the end";
        }
}

}  // namespace
}  // namespace fude
