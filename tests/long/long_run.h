// Runs whose length is a matter of patience: seconds by default, an eight hours' day with FUDE_LONG_TESTS=1.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <string_view>

namespace fude {

inline bool long_tests() {
  const char* const wanted = std::getenv("FUDE_LONG_TESTS");
  return wanted != nullptr && std::string_view(wanted) == "1";
}

inline int64_t length(int64_t usual, int64_t of_a_day) { return long_tests() ? of_a_day : usual; }

// Says nothing under a sanitizer, which keeps what is freed for a while.
inline void expect_less_memory(int64_t bytes, int64_t than) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(bytes, than);
#else
  static_cast<void>(bytes), static_cast<void>(than);
#endif
}

// Memory looked at again and again. What is taken in the first quarter of a run is its warm-up.
class FlatMemory {
 public:
  explicit FlatMemory(int64_t looks) : looks_(looks) {}

  void look(int64_t bytes) {
    int64_t& most = ++seen_ * 4 <= looks_ ? warm_ : later_;
    most = std::max(most, bytes);
  }
  int64_t growth() const { return later_ - warm_; }

 private:
  int64_t looks_, seen_ = 0, warm_ = 0, later_ = 0;
};

// What this process holds of the system.
struct Held {
  int64_t files, threads;
  bool operator==(const Held&) const = default;
};

inline Held held() {
  const auto entries = [](const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
  };
  return {entries("/proc/self/fd"), entries("/proc/self/task")};
}

inline void PrintTo(const Held& held, std::ostream* out) {
  *out << held.files << " files and " << held.threads << " threads";
}

}  // namespace fude
