#include "profile_report.h"

#include <algorithm>

#include "fude/base/profile.h"
#include "fude/base/threads.h"
#include "terminal.h"

namespace fude {

void say_profile() {
  const Profile taken = profile();
  const double whole = std::max(taken.seconds * threads(), 1e-9);
  const auto line = [&](double seconds, const std::string& calls, const std::string& name) {
    say(pad_left(fixed(100 * seconds / whole, 1) + "%", 7) + pad_left(fixed(seconds, 2) + " s", 11) +
        pad_left(calls, 12) + "  " + name);
  };
  double rest = whole;
  say("\nwhere " + fixed(taken.seconds, 1) + " s of " + counted(threads(), "thread") + " went");
  for (const ProfileEntry& entry : taken.entries) {
    line(entry.seconds, with_commas(entry.calls), entry.name);
    rest -= entry.seconds;
  }
  line(std::max(rest, 0.0), "", "all else, and idle threads");
}

}  // namespace fude
