// Measures a stretch of code under a name; fude/base/profile.h tells the sums.
//
//   ProfileTimer packing("packing weights");          // at namespace scope
//   void pack() { const ProfileScope scope(packing); ... }
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "fude/base/profile.h"

namespace fude {

// One name; lives as long as the program.
class ProfileTimer {
 public:
  explicit ProfileTimer(const char* name);

 private:
  friend class ProfileScope;
  friend void set_profiling(bool on);
  friend Profile profile();

  const char* name_;
  std::atomic<int64_t> nanoseconds_{0};
  std::atomic<int64_t> calls_{0};
  ProfileTimer* next_;
};

extern std::atomic<bool> profiling;

class ProfileScope {
 public:
  explicit ProfileScope(ProfileTimer& timer) : timer_(profiling.load(std::memory_order_relaxed) ? &timer : nullptr) {
    if (timer_ != nullptr) begin_ = std::chrono::steady_clock::now();
  }
  ~ProfileScope() {
    if (timer_ == nullptr) return;
    const auto took = std::chrono::steady_clock::now() - begin_;
    timer_->nanoseconds_.fetch_add(std::chrono::nanoseconds(took).count(), std::memory_order_relaxed);
    timer_->calls_.fetch_add(1, std::memory_order_relaxed);
  }
  ProfileScope(const ProfileScope&) = delete;
  ProfileScope& operator=(const ProfileScope&) = delete;

 private:
  ProfileTimer* timer_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace fude
