#include "base/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace fude {
namespace {

TEST(Numbers, Counts_HaveCommasAndAPlural) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(-1000), "-1,000");
  EXPECT_EQ(with_commas(-999), "-999");
  EXPECT_EQ(with_commas(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(counted(1, "line"), "1 line");
  EXPECT_EQ(counted(1115394, "line"), "1,115,394 lines");
}

TEST(Numbers, Short_HasThreeDigitsAndAUnit) {
  EXPECT_EQ(short_number(0.002), "0.002");
  EXPECT_EQ(short_number(1e30), "1e+30");
  EXPECT_EQ(short_count(999), "999");
  EXPECT_EQ(short_count(999.6), "1.00k");
  EXPECT_EQ(short_count(12345), "12.3k");
  EXPECT_EQ(short_count(123456), "123k");
  EXPECT_EQ(short_bytes(30e6), "30.0 MB");
}

TEST(Numbers, Fixed_IsShortWhateverTheNumber) {
  EXPECT_EQ(fixed(1.25, 1), "1.2");
  EXPECT_EQ(fixed(-123456.789, 3), "-123456.789");
  EXPECT_EQ(fixed(1e300, 2), "1.00e+300");
  EXPECT_EQ(short_count(-1e300).size(), std::string("-1e+300").size());
  EXPECT_EQ(fixed(std::numeric_limits<double>::infinity(), 2), "-");
  EXPECT_EQ(fixed(std::numeric_limits<double>::quiet_NaN(), 2), "-");
}

}  // namespace
}  // namespace fude
