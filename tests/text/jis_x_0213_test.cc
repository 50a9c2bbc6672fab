#include "text/jis_x_0213.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(JisX0213, Places_GiveTheirCharacters) {
  EXPECT_EQ(jis_x_0213_character(1, 16, 1), "\u4E9C");
  EXPECT_EQ(jis_x_0213_character(1, 1, 52), "\u300A");
  EXPECT_EQ(jis_x_0213_character(1, 14, 13), "\u4F60");
  EXPECT_EQ(jis_x_0213_character(2, 1, 1), "\U00020089");
  EXPECT_EQ(jis_x_0213_character(1, 4, 87), "\u304B\u309A");  // two code points
}

TEST(JisX0213, PlacesThatHoldNothing_AreEmpty) {
  EXPECT_EQ(jis_x_0213_character(2, 2, 1), "");
  EXPECT_EQ(jis_x_0213_character(0, 16, 1), "");
  EXPECT_EQ(jis_x_0213_character(3, 16, 1), "");
  EXPECT_EQ(jis_x_0213_character(1, 0, 1), "");
  EXPECT_EQ(jis_x_0213_character(1, 16, 95), "");
  // Nothing is left of a place before.
  EXPECT_EQ(jis_x_0213_character(1, 4, 4), "\u3044");
}

}  // namespace
}  // namespace fude
