#include "data/white_space.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(IsWhiteSpace, SpacesOfOtherScripts_AreWhiteSpace) {
  for (const char32_t c : {U' ', U'\t', U'\u00A0', U'\u2003', U'\u3000'}) EXPECT_TRUE(is_white_space(c)) << uint32_t{c};
  for (const char32_t c : {U'a', U'\u200B', U'\u200D', U'\uFEFF', U'\0'})
    EXPECT_FALSE(is_white_space(c)) << uint32_t{c};
}

TEST(WithoutTrailingSpace, AnySpace_Goes) {
  EXPECT_EQ(without_trailing_space("a b\u3000 \t"), "a b");
  EXPECT_EQ(without_trailing_space(" \u00A0"), "");
  EXPECT_EQ(without_trailing_space(""), "");
  EXPECT_EQ(without_trailing_space("\u732B"), "\u732B");
}

}  // namespace
}  // namespace fude
