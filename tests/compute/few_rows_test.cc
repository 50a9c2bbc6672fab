#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <string>
#include <utility>
#include <vector>

#include "compute/few_rows_matrix.h"
#include "compute/kernels/few_rows.h"
#include "compute/kernels/transpose.h"
#include "fude/base/random.h"

namespace fude {
namespace {

std::vector<float> random_numbers(int size, uint64_t seed) {
  Random random(seed);
  std::vector<float> numbers(static_cast<size_t>(size));
  for (float& number : numbers) number = static_cast<float>(random.uniform() - 0.5);
  return numbers;
}

// The kernels as they are made for each instruction set that this CPU has.
class EveryInstructionSet : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override { choose(GetParam()); }
  void TearDown() override { choose(0); }

 private:
  static void choose(int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryInstructionSet, testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& test) { return std::string(hwy::TargetName(test.param)); });

struct Shape {
  int m, k, n;
};

TEST_P(EveryInstructionSet, FewRows_EqualSums) {
  for (const auto& [m, k, n] :
       {Shape{1, 1, 1}, {1, 64, 48}, {3, 5, 17}, {7, 130, 33}, {20, 65, 70}, {28, 31, 16}, {29, 40, 15}, {64, 20, 100}})
    for (const bool turned : {false, true}) {
      const auto a = random_numbers(m * k, 1), b = random_numbers(k * n, 2);
      const auto at = [&](int row, int column) { return turned ? b[column * k + row] : b[row * n + column]; };
      FewRowsMatrix matrix;
      matrix.lay_out(k, n);
      // In two parts, the later one first.
      const int rows = turned ? n : k, columns = turned ? k : n, half = rows / 2;
      for (const auto& [begin, end] : {std::pair{half, rows}, {0, half}})
        matrix.put(turned ? Transpose::kYes : Transpose::kNo, {b.data() + begin * columns, end - begin, columns},
                   turned ? 0 : begin, turned ? begin : 0);
      for (const float beta : {0.0f, 1.0f}) {
        const auto before = random_numbers(m * n, 3);
        auto dst = before;
        matrix.multiply({a.data(), m, k}, beta, {dst.data(), m, n});
        for (int row = 0; row < m; ++row)
          for (int column = 0; column < n; ++column) {
            double sum = beta * before[row * n + column];
            for (int i = 0; i < k; ++i) sum += static_cast<double>(a[row * k + i]) * at(i, column);
            ASSERT_NEAR(dst[row * n + column], sum, 1e-5)
                << m << " x " << k << " x " << n << (turned ? " turned" : "") << " at " << row << ", " << column;
          }
      }
    }
}

TEST_P(EveryInstructionSet, FewRows_HaveTheSameBitsWhateverStandsBesideThem) {
  const int most = 40, k = 700, n = 90, half = 48;
  const auto a = random_numbers(most * k, 1), b = random_numbers(k * n, 2);
  FewRowsMatrix whole, part;
  whole.lay_out(k, n);
  whole.put(Transpose::kNo, {b.data(), k, n}, 0, 0);
  part.lay_out(k, n - half);
  part.put(Transpose::kNo, {b.data() + half, k, n - half, n}, 0, 0);
  std::vector<float> all(most * n), some(most * n);
  whole.multiply({a.data(), most, k}, 0, {all.data(), most, n});
  for (const int rows : {1, 5, 16, 29}) {
    part.multiply({a.data() + 8 * k, rows, k}, 0, {some.data(), rows, n - half});
    for (int row = 0; row < rows; ++row)
      for (int column = half; column < n; ++column)
        ASSERT_EQ(some[row * (n - half) + column - half], all[(8 + row) * n + column]) << rows << " at " << row;
  }
}

TEST_P(EveryInstructionSet, Transpose_PutsEveryElementInItsPlace) {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {16, 16}, {20, 650}, {64, 300}, {67, 131}, {8, 15}, {3, 40}}) {
    const auto src = random_numbers(rows * cols, 1);
    std::vector<float> dst(src.size() + 1, 9);
    transpose(MatrixView<const float>(src.data(), rows, cols), dst.data());
    for (int row = 0; row < rows; ++row)
      for (int col = 0; col < cols; ++col) ASSERT_EQ(dst[col * rows + row], src[row * cols + col]) << rows << cols;
    EXPECT_EQ(dst.back(), 9) << "wrote behind the end";
  }
}

}  // namespace
}  // namespace fude
