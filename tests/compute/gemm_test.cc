#include "compute/gemm.h"

#include <gtest/gtest.h>

#include <vector>

#include "fude/base/random.h"

namespace fude {
namespace {

template <class Real>
std::vector<Real> random_matrix(size_t size, uint64_t seed) {
  Random random(seed);
  std::vector<Real> values(size);
  for (Real& value : values) value = static_cast<Real>(random.normal());
  return values;
}

// dst = op(a) op(b) + beta dst, one element after the other.
template <class Real>
std::vector<Real> naive(bool ta, bool tb, int m, int n, int k, const std::vector<Real>& a, const std::vector<Real>& b,
                        Real beta, std::vector<Real> dst) {
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (int p = 0; p < k; ++p)
        sum += static_cast<double>(ta ? a[p * m + i] : a[i * k + p]) *
               static_cast<double>(tb ? b[j * k + p] : b[p * n + j]);
      dst[i * n + j] = static_cast<Real>(sum) + (beta == 0 ? Real{0} : beta * dst[i * n + j]);
    }
  return dst;
}

template <class Real>
void check_all_shapes(double tolerance) {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      for (const Real beta : {Real{0}, Real{1}})
        for (const auto& [m, n, k] : {std::array{1, 7, 5}, {4, 6, 3}, {33, 65, 17}, {2, 1, 9}, {1, 1, 1}}) {
          const auto a = random_matrix<Real>(m * k, 1), b = random_matrix<Real>(k * n, 2);
          auto dst = random_matrix<Real>(m * n, 3);
          const auto expected = naive<Real>(ta, tb, m, n, k, a, b, beta, dst);
          gemm<Real>(ta ? Transpose::kYes : Transpose::kNo, tb ? Transpose::kYes : Transpose::kNo,
                     {a.data(), ta ? k : m, ta ? m : k}, {b.data(), tb ? n : k, tb ? k : n}, beta, {dst.data(), m, n});
          for (size_t at = 0; at < dst.size(); ++at)
            ASSERT_NEAR(dst[at], expected[at], tolerance) << ta << tb << beta << " " << m << "x" << n << "x" << k;
        }
}

TEST(Gemm, Float_EqualsSums) { check_all_shapes<float>(1e-4); }
TEST(Gemm, Double_EqualsSums) { check_all_shapes<double>(1e-12); }

TEST(Gemm, Stride_LeavesWhatLiesBetween) {
  const std::vector<float> a = {1, 2, 3, 4}, b = {1, 0, 0, 1};
  std::vector<float> dst = {9, 9, 7, 9, 9, 7};
  gemm<float>(Transpose::kNo, Transpose::kNo, {a.data(), 2, 2}, {b.data(), 2, 2}, 0, {dst.data(), 2, 2, 3});
  EXPECT_EQ(dst, (std::vector<float>{1, 2, 7, 3, 4, 7}));
}

TEST(Gemm, Backend_IsNamed) { EXPECT_NE(gemm_backend().find("OpenBLAS"), std::string::npos); }

}  // namespace
}  // namespace fude
