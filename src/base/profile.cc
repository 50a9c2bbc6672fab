#include "base/profile.h"

#include <algorithm>

namespace fude {
namespace {

using Clock = std::chrono::steady_clock;

constinit ProfileTimer* first_timer = nullptr;  // timers are made before main, one after the other
Clock::time_point turned_on;

}  // namespace

constinit std::atomic<bool> profiling{false};

ProfileTimer::ProfileTimer(const char* name) : name_(name), next_(first_timer) { first_timer = this; }

void set_profiling(bool on) {
  for (ProfileTimer* timer = first_timer; on && timer != nullptr; timer = timer->next_)
    timer->nanoseconds_ = timer->calls_ = 0;
  turned_on = Clock::now();
  profiling = on;
}

Profile profile() {
  Profile taken;
  taken.seconds = std::chrono::duration<double>(Clock::now() - turned_on).count();
  auto& entries = taken.entries;
  for (const ProfileTimer* timer = first_timer; timer != nullptr; timer = timer->next_)
    if (timer->calls_ > 0)
      entries.push_back({timer->name_, static_cast<double>(timer->nanoseconds_) * 1e-9, timer->calls_});
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  return taken;
}

}  // namespace fude
