#include "fude/base/threads.h"

#include <gtest/gtest.h>

#include "fude/base/error.h"

namespace fude {
namespace {

TEST(Threads, Set_IsReadBack) {
  const int before = threads();
  set_threads(2);
  EXPECT_EQ(threads(), 2);
  set_threads(1);
  EXPECT_EQ(threads(), 1);
  set_threads(0);
  EXPECT_GE(threads(), 1);
  set_threads(before);
}

TEST(Threads, Negative_IsAConfigError) { EXPECT_THROW(set_threads(-1), ConfigError); }

}  // namespace
}  // namespace fude
