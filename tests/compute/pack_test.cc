#include "compute/kernels/pack.h"

#include <gtest/gtest.h>

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

TEST(PackPanels, PutsEveryElementInItsPlaceAndZerosAround) {
  constexpr int kSide = 2;
  for (const Transpose turn : {Transpose::kNo, Transpose::kYes})
    for (const auto& [rows, cols, stride] : kShapes) {
      const int k_size = turn == Transpose::kYes ? cols : rows, n_size = turn == Transpose::kYes ? rows : cols;
      const int depth = (k_size + 31) / 32 * 32, panels = (n_size + kPanelColumns - 1) / kPanelColumns;
      const auto src = numbers<BFloat16>(static_cast<size_t>(rows * stride));
      std::vector<BFloat16> dst(static_cast<size_t>(panels * depth * kPanelColumns) + 1, BFloat16(-1.0f));
      pack_panels(turn, MatrixView<const BFloat16>(src.data(), rows, cols, stride), depth, dst.data());
      for (int n = 0; n < panels * kPanelColumns; ++n)
        for (int k = 0; k < depth; ++k) {
          const bool inside = n < n_size && k < k_size;
          const BFloat16 expected = !inside                   ? BFloat16(0.0f)
                                    : turn == Transpose::kYes ? src[static_cast<size_t>(n * stride + k)]
                                                              : src[static_cast<size_t>(k * stride + n)];
          const int at = n / kPanelColumns * depth * kPanelColumns +
                         (k / kSide * kPanelColumns + n % kPanelColumns) * kSide + k % kSide;
          ASSERT_EQ(dst[static_cast<size_t>(at)], expected) << rows << " x " << cols << " at " << k << ", " << n;
        }
      EXPECT_EQ(dst.back(), BFloat16(-1.0f)) << "wrote behind the end";
    }
}

}  // namespace
}  // namespace fude
