#include <gtest/gtest.h>

#include "fude/compute/backend.h"

namespace fude {
namespace {

TEST(InstructionSet, IsOneThatHighwayNames) {
  EXPECT_NE(instruction_set(), "");
  EXPECT_NE(instruction_set(), "Unknown");
}

}  // namespace
}  // namespace fude
