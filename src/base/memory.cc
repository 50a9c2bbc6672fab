#include "base/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string_view>

#include "base/numbers.h"

namespace fude {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

// The number that a file begins with; `otherwise` when there is none ("max").
int64_t number_in(const fs::path& file, int64_t otherwise) {
  std::ifstream in(file);
  int64_t number = 0;
  return in >> number ? number : otherwise;
}

// The number behind `key` in a file of keys and numbers; 0 when there is none.
int64_t number_of(std::string_view key, const fs::path& file) {
  std::ifstream in(file);
  int64_t number = 0;
  for (std::string word; in >> word;)
    if (word == key) return in >> number ? number : 0;
  return 0;
}

struct Pages {
  int64_t all = 0, resident = 0, data = 0;
};

Pages pages(const fs::path& root) {
  std::ifstream statm(root / "proc/self/statm");
  Pages pages;
  int64_t shared = 0, text = 0, libraries = 0;
  statm >> pages.all >> pages.resident >> shared >> text >> libraries >> pages.data;
  return statm ? pages : Pages{};
}

int64_t below_limit(decltype(RLIMIT_AS) resource, int64_t taken_pages) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kNoLimit;
  const auto most = static_cast<int64_t>(std::min<rlim_t>(limit.rlim_cur, kNoLimit));
  return most - taken_pages * ::sysconf(_SC_PAGESIZE);
}

// What one control group leaves to its members.
int64_t below_group(const fs::path& group, int64_t swap) {
  const bool v2 = fs::exists(group / "memory.max");
  const int64_t limit = number_in(group / (v2 ? "memory.max" : "memory.limit_in_bytes"), kNoLimit);
  if (limit == kNoLimit) return kNoLimit;
  const int64_t taken = number_in(group / (v2 ? "memory.current" : "memory.usage_in_bytes"), 0);
  const std::string prefix = v2 ? "" : "total_";
  const int64_t files = number_of(prefix + "inactive_file", group / "memory.stat") +
                        number_of(prefix + "active_file", group / "memory.stat");
  const int64_t swap_limit = number_in(group / "memory.swap.max", kNoLimit);
  const int64_t swap_left = std::min(swap, swap_limit - number_in(group / "memory.swap.current", 0));
  return limit - std::max<int64_t>(0, taken - files) + std::max<int64_t>(0, swap_left);
}

// The groups of a process stand in lines of "number:controllers:path". A container may see its own group as the root of
// all, whatever the path, so the root is asked, too.
int64_t below_groups(const fs::path& root, int64_t swap) {
  int64_t least = kNoLimit;
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool v1 = controllers.find(",memory,") != std::string::npos;
    if (!v1 && controllers != ",,") continue;
    const fs::path base = root / (v1 ? "sys/fs/cgroup/memory" : "sys/fs/cgroup");
    fs::path group = fs::path(line.substr(second + 1)).relative_path();
    for (; !group.empty(); group = group.parent_path()) least = std::min(least, below_group(base / group, swap));
    least = std::min(least, below_group(base, swap));
  }
  return least;
}

}  // namespace

int64_t resident_bytes() { return pages("/").resident * ::sysconf(_SC_PAGESIZE); }

int64_t available_bytes(int64_t address_space, const fs::path& root) {
  const fs::path machine = root / "proc/meminfo";
  const int64_t swap = 1024 * number_of("SwapFree:", machine);
  int64_t least = kNoLimit;
  if (const int64_t free = 1024 * number_of("MemAvailable:", machine); free > 0) least = free + swap;
  const Pages taken = pages(root);
  for (const int64_t room : {below_groups(root, swap), below_limit(RLIMIT_AS, taken.all) - address_space,
                             below_limit(RLIMIT_DATA, taken.data)})
    least = std::min(least, room);
  return std::max<int64_t>(0, least);
}

bool address_space_is_limited() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

std::string memory_needed(int64_t bytes, int64_t available) {
  return "needs about " + short_bytes(static_cast<double>(bytes)) +
         " of memory, available: " + short_bytes(static_cast<double>(available));
}

}  // namespace fude
