#include "base/memory.h"

#include <unistd.h>

#include <fstream>

namespace fude {

int64_t resident_bytes() {
  // Pages: of the whole address space, then those in memory.
  std::ifstream statm("/proc/self/statm");
  int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return statm ? resident * sysconf(_SC_PAGESIZE) : 0;
}

}  // namespace fude
