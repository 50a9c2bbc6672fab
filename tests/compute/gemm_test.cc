#include "compute/gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "compute/openblas.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/compute/backend.h"

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
          gemm<Real, Real>(ta ? Transpose::kYes : Transpose::kNo, tb ? Transpose::kYes : Transpose::kNo,
                           {a.data(), ta ? k : m, ta ? m : k}, {b.data(), tb ? n : k, tb ? k : n}, beta,
                           {dst.data(), m, n});
          for (size_t at = 0; at < dst.size(); ++at)
            ASSERT_NEAR(dst[at], expected[at], tolerance) << ta << tb << beta << " " << m << "x" << n << "x" << k;
        }
}

std::vector<BFloat16> rounded(const std::vector<float>& values) {
  return std::vector<BFloat16>(values.begin(), values.end());
}
std::vector<float> widened(const std::vector<BFloat16>& values) {
  return std::vector<float>(values.begin(), values.end());
}

template <class Store>
void check_packed_in_parts() {
  const int m = 5, n = 130, k = 67, half = 34;
  const auto b = random_matrix<float>(k * n, 2);
  const auto in_store = [](const std::vector<float>& from) { return std::vector<Store>(from.begin(), from.end()); };
  const auto in_float = [](const std::vector<Store>& from) { return std::vector<float>(from.begin(), from.end()); };
  const std::vector<Store> a = in_store(random_matrix<float>(m * k, 1));
  const auto expected =
      naive<float>(false, false, m, n, k, in_float(a), in_float(in_store(b)), 0, std::vector<float>(m * n));
  PackedMatrix<float, Store> packed;
  packed.lay_out(k, n);
  packed.put(Transpose::kNo, {b.data() + half * n, k - half, n}, half, 0);
  packed.put(Transpose::kNo, {b.data(), half, n}, 0, 0);
  packed.finish();
  std::vector<float> dst(m * n);
  packed.multiply({a.data(), m, k}, 0, {dst.data(), m, n});
  for (size_t at = 0; at < dst.size(); ++at) ASSERT_NEAR(dst[at], expected[at], 1e-4) << at;
}

// Runs a test with each backend that was built in.
class EveryBackend : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    try {
      set_backend(GetParam());
    } catch (const ConfigError&) {
      GTEST_SKIP() << "built without " << GetParam();
    }
  }
  void TearDown() override { set_backend("auto"); }
};
INSTANTIATE_TEST_SUITE_P(Gemm, EveryBackend, testing::Values("openblas", "onednn"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(EveryBackend, Float_EqualsSums) { check_all_shapes<float>(1e-4); }

TEST_P(EveryBackend, Stride_LeavesWhatLiesBetween) {
  const std::vector<float> a = {1, 2, 3, 4}, b = {1, 0, 0, 1};
  std::vector<float> dst = {9, 9, 7, 9, 9, 7};
  gemm<float, float>(Transpose::kNo, Transpose::kNo, {a.data(), 2, 2}, {b.data(), 2, 2}, 0, {dst.data(), 2, 2, 3});
  EXPECT_EQ(dst, (std::vector<float>{1, 2, 7, 3, 4, 7}));
}

TEST_P(EveryBackend, Packed_EqualsSums) {
  for (const bool transposed : {false, true})
    for (const auto& [m, n, k] : {std::array{1, 7, 5}, {2, 65, 64}, {33, 65, 17}, {16, 128, 48}, {5, 1, 1}}) {
      const auto b = random_matrix<float>(k * n, 2);
      PackedMatrix<float> packed;
      packed.pack(transposed ? Transpose::kYes : Transpose::kNo, {b.data(), transposed ? n : k, transposed ? k : n});
      for (const float beta : {0.0f, 1.0f}) {
        const auto a = random_matrix<float>(m * k, 1);
        auto dst = random_matrix<float>(m * n, 3);
        const auto expected = naive<float>(false, transposed, m, n, k, a, b, beta, dst);
        packed.multiply({a.data(), m, k}, beta, {dst.data(), m, n});
        for (size_t at = 0; at < dst.size(); ++at)
          ASSERT_NEAR(dst[at], expected[at], 1e-4) << transposed << beta << " " << m << "x" << n << "x" << k;
      }
    }
}

TEST_P(EveryBackend, PackedInParts_EqualsSums) {
  if (!PackedMatrix<float>::is_copied()) GTEST_SKIP() << "products read the source";
  check_packed_in_parts<float>();
}

TEST_P(EveryBackend, PackedAgain_FollowsTheSource) {
  std::vector<float> b = {1, 2, 3, 4};
  const std::vector<float> a = {1, 0, 0, 1};
  PackedMatrix<float> packed;
  packed.pack(Transpose::kNo, {b.data(), 2, 2});
  b = {5, 6, 7, 8};
  packed.pack(Transpose::kNo, {b.data(), 2, 2});
  std::vector<float> dst(4);
  packed.multiply({a.data(), 2, 2}, 0, {dst.data(), 2, 2});
  EXPECT_EQ(dst, b);
}

TEST_P(EveryBackend, ElementsSaidToBeIndependent_HaveTheSameBitsInAnyProduct) {
  if (!products_are_independent<float>(1024)) GTEST_SKIP();
  for (const auto& [n, k] : {std::array{65, 64}, {512, 650}, {100, 25}, {256, 1024}}) {
    const int most = 48;
    const auto a = random_matrix<float>(most * k, 1), b = random_matrix<float>(k * n, 2);
    PackedMatrix<float> packed;
    packed.pack(Transpose::kNo, {b.data(), k, n});
    std::vector<float> whole(most * n), part(most * n);
    packed.multiply({a.data(), most, k}, 0, {whole.data(), most, n});
    for (const int rows : {1, 2, 3, 8, 16, 17, 31}) {
      packed.multiply({a.data() + 8 * k, rows, k}, 0, {part.data(), rows, n});
      EXPECT_TRUE(std::equal(part.begin(), part.begin() + rows * n, whole.begin() + 8 * n)) << rows << "x" << n;
    }
    const int half = n / 2 / 16 * 16;
    PackedMatrix<float> columns;
    columns.pack(Transpose::kNo, {b.data() + half, k, n - half, n});
    columns.multiply({a.data(), most, k}, 0, {part.data(), most, n - half});
    for (int row = 0; row < most; ++row)
      EXPECT_TRUE(std::equal(part.begin() + row * (n - half), part.begin() + (row + 1) * (n - half),
                             whole.begin() + row * n + half))
          << row << "x" << n;
  }
}

// Products of rounded numbers, with every way to ask for them: by oneDNN, and as auto has them.
class RoundedGemm : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    try {
      set_backend(GetParam());
    } catch (const ConfigError&) {
      GTEST_SKIP() << "built without " << GetParam();
    }
    if (!bf16_available()) GTEST_SKIP() << "no bfloat16 on this CPU";
  }
  void TearDown() override { set_backend("auto"); }
};

INSTANTIATE_TEST_SUITE_P(Gemm, RoundedGemm, testing::Values("onednn", "auto"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(RoundedGemm, Products_EqualSumsOfRoundedNumbers) {
  for (const bool ta : {false, true})
    for (const float beta : {0.0f, 1.0f})
      for (const auto& [m, n, k] :
           {std::array{1, 7, 5}, {4, 6, 3}, {33, 65, 17}, {64, 130, 48}, {96, 48, 64}, {70, 16, 33}, {200, 20, 3100}}) {
        const auto a = rounded(random_matrix<float>(m * k, 1)), b = rounded(random_matrix<float>(k * n, 2));
        auto dst = random_matrix<float>(m * n, 3), packed_dst = dst;
        const auto expected = naive<float>(ta, false, m, n, k, widened(a), widened(b), beta, dst);
        gemm<BFloat16, float>(ta ? Transpose::kYes : Transpose::kNo, Transpose::kNo, {a.data(), ta ? k : m, ta ? m : k},
                              {b.data(), k, n}, beta, {dst.data(), m, n});
        const double tolerance = k > 1000 ? 1e-3 : 1e-4;
        for (size_t at = 0; at < dst.size(); ++at)
          ASSERT_NEAR(dst[at], expected[at], tolerance) << m << "x" << n << "x" << k;
        if (ta) continue;
        PackedMatrix<float, BFloat16> packed;
        packed.pack(Transpose::kNo, {b.data(), k, n});
        packed.multiply({a.data(), m, k}, beta, {packed_dst.data(), m, n});
        for (size_t at = 0; at < dst.size(); ++at)
          ASSERT_NEAR(packed_dst[at], expected[at], tolerance) << m << "x" << n;
      }
}

TEST_P(RoundedGemm, AnyRowsAndColumns_HaveTheSameBits) {
  for (const auto& [n, k] : {std::array{128, 64}, {512, 650}, {256, 1024}, {2048, 1300}, {650, 1024}, {130, 7000}}) {
    if (k > 1300 && !products_are_independent<BFloat16>(k)) continue;
    ASSERT_TRUE(products_are_independent<BFloat16>(k));
    const int most = 512, half = n / 2 / 16 * 16;
    const auto a = rounded(random_matrix<float>(most * k, 1));
    const auto b = rounded(random_matrix<float>(k * n, 2));
    PackedMatrix<float, BFloat16> whole, part;
    whole.pack(Transpose::kNo, {b.data(), k, n});
    part.pack(Transpose::kNo, {b.data() + half, k, n - half, n});
    std::vector<float> all(most * n), rows(most * n), columns(most * (n - half));
    whole.multiply({a.data(), most, k}, 0, {all.data(), most, n});
    part.multiply({a.data(), most, k}, 0, {columns.data(), most, n - half});
    for (int row = 0; row < most; ++row)
      EXPECT_TRUE(std::equal(columns.begin() + row * (n - half), columns.begin() + (row + 1) * (n - half),
                             all.begin() + row * n + half))
          << row << "x" << n;
    for (const int count : {5, 8, 17, 31, 64, 200, 256, 384}) {
      whole.multiply({a.data() + 8 * k, count, k}, 0, {rows.data(), count, n});
      EXPECT_TRUE(std::equal(rows.begin(), rows.begin() + count * n, all.begin() + 8 * n)) << count << "x" << n;
    }
  }
}

// What lies around the result, and what an operand's memory holds behind its rows, stays out of it.
TEST_P(RoundedGemm, Numbers_AroundAProduct_AreLeftAlone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [m, n, k] : {std::array{1, 1, 1}, {17, 33, 35}, {47, 18, 66}, {32, 32, 32}}) {
    auto a = rounded(random_matrix<float>(m * k, 1)), b = rounded(random_matrix<float>(k * n, 2));
    const auto expected = naive<float>(false, false, m, n, k, widened(a), widened(b), 0, std::vector<float>(m * n));
    a.resize(a.size() + 64, BFloat16(nan));
    PackedMatrix<float, BFloat16> packed;
    packed.pack(Transpose::kNo, {b.data(), k, n});
    std::vector<float> dst(m * n + 64, nan);
    for (const float beta : {0.0f, 1.0f}) {
      packed.multiply({a.data(), m, k}, beta, {dst.data(), m, n});
      for (int at = 0; at < m * n; ++at)
        ASSERT_NEAR(dst[at], (1 + beta) * expected[at], 1e-4) << m << "x" << n << "x" << k;
      EXPECT_TRUE(std::all_of(dst.begin() + m * n, dst.end(), [](float one) { return std::isnan(one); }))
          << m << "x" << n;
    }
  }
}

TEST_P(RoundedGemm, NothingToSumUp_IsZero) {
  PackedMatrix<float, BFloat16> packed;
  packed.pack(Transpose::kNo, {nullptr, 0, 5});
  std::vector<float> dst(15, 7.0f);
  packed.multiply({nullptr, 3, 0}, 1, {dst.data(), 3, 5});
  EXPECT_EQ(dst, std::vector<float>(15, 7.0f));
  packed.multiply({nullptr, 3, 0}, 0, {dst.data(), 3, 5});
  EXPECT_EQ(dst, std::vector<float>(15, 0.0f));
}

TEST_P(RoundedGemm, PackedInParts_EqualsSums) { check_packed_in_parts<BFloat16>(); }

TEST(Gemm, Double_EqualsSums) { check_all_shapes<double>(1e-12); }

TEST(Backend, IsNamed) { EXPECT_NE(backend_description(), ""); }
TEST(Backend, OneDnnByName_IsOneDnnForRoundedNumbersToo) {
  try {
    set_backend("onednn");
  } catch (const ConfigError&) {
    GTEST_SKIP() << "built without oneDNN";
  }
  EXPECT_EQ(backend_description(true), backend_description(false));
  set_backend("auto");
}
TEST(OpenBlas, ProcessorTakenForAnOlderOne_HasABetterCore) {
  EXPECT_EQ(better_openblas_core("Prescott", "AVX3_ZEN4"), "SkylakeX");
  EXPECT_EQ(better_openblas_core("Nehalem", "AVX3"), "SkylakeX");
  EXPECT_EQ(better_openblas_core("Sandybridge", "AVX2"), "Haswell");
  EXPECT_EQ(better_openblas_core("Sandybridge", "SSE4"), "");
  for (const char* const core : {"Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids", "NEOVERSEN1", "armv8"})
    EXPECT_EQ(better_openblas_core(core, "AVX3"), "");
}
TEST(Backend, Auto_IsTheFasterOneForTheWork) {
  try {
    set_backend("onednn");
  } catch (const ConfigError&) {
    GTEST_SKIP() << "built without oneDNN";
  }
  const bool fast_with_many_rows = products_are_independent<float>(1);  // the batch-reduce kernels
  set_backend("auto", Work::kTraining);
  EXPECT_EQ(backend(), fast_with_many_rows || !better_openblas_core().empty() ? Backend::kOneDnn : Backend::kOpenBlas);
  set_backend("auto", Work::kWriting);
  EXPECT_EQ(backend(), Backend::kOneDnn);
  set_backend("openblas", Work::kWriting);
  EXPECT_EQ(backend(), Backend::kOpenBlas);
  set_backend("auto");
}

TEST(Backend, AnotherWord_IsAConfigError) { EXPECT_THROW(set_backend("cuda"), ConfigError); }

}  // namespace
}  // namespace fude
