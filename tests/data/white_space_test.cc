#include "data/white_space.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(WithoutTrailingSpace, AnySpace_Goes) {
  EXPECT_EQ(without_trailing_space("a b\u3000 \t"), "a b");
  EXPECT_EQ(without_trailing_space(" \u00A0"), "");
  EXPECT_EQ(without_trailing_space(""), "");
  EXPECT_EQ(without_trailing_space("\u732B"), "\u732B");
}

}  // namespace
}  // namespace fude
