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

TEST(Threads, NegativeOrAbsurd_IsAConfigError) {
  const int before = threads();
  for (const int n : {-1, 1025, 100000}) EXPECT_THROW(set_threads(n), ConfigError) << n;
  EXPECT_EQ(threads(), before);
}

}  // namespace
}  // namespace fude
