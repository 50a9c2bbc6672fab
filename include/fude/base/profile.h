// Where the time goes, by the names of what is done.
//
//   fude::set_profiling(true);
//   ... train ...
//   for (const fude::ProfileEntry& entry : fude::profile().entries) std::cout << entry.name << " " << entry.seconds;
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fude {

struct ProfileEntry {
  std::string name;
  double seconds = 0;  // of all threads together
  int64_t calls = 0;
};

struct Profile {
  double seconds = 0;                 // since it was turned on
  std::vector<ProfileEntry> entries;  // the longest first
};

// Off at first; while it is off, measuring costs next to nothing. On: begins at zero.
void set_profiling(bool on);
Profile profile();

}  // namespace fude
