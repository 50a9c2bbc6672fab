#include "base/memory.h"

#include <gtest/gtest.h>

#include <string>

#include "support/temp_dir.h"

namespace fude {
namespace {

constexpr int64_t kMega = int64_t{1} << 20;

// A machine of 1000 MiB, of which 600 are free or caches of files.
class Machine : public TempDir {
 public:
  explicit Machine(int swap = 0) {
    write("proc/meminfo", "MemTotal: " + kilo(1000) + "MemFree: " + kilo(100) + "MemAvailable: " + kilo(600) +
                              "SwapTotal: " + kilo(500) + "SwapFree: " + kilo(swap));
  }
  int64_t available() const { return available_bytes(0, path()) / kMega; }

  // Files of one number each, in bytes.
  void limit(const std::string& folder, const std::string& name, int mega) const {
    write("sys/fs/cgroup/" + folder + "/" + name, std::to_string(mega * kMega) + "\n");
  }

 private:
  static std::string kilo(int mega) { return std::to_string(mega * 1024) + " kB\n"; }
};

TEST(ResidentBytes, Program_TakesSome) { EXPECT_GT(resident_bytes(), kMega); }

TEST(AvailableBytes, Machine_HasSome) { EXPECT_GT(available_bytes(), kMega); }

TEST(AvailableBytes, CachesAndSwap_Count) {
  EXPECT_EQ(Machine().available(), 600);
  EXPECT_EQ(Machine(50).available(), 650);
}

TEST(AvailableBytes, GroupV2_LimitsWithoutItsFiles) {
  const Machine machine(40);
  machine.write("proc/self/cgroup", "0::/outer/inner\n");
  machine.limit("outer/inner", "memory.max", 300);
  machine.limit("outer/inner", "memory.current", 120);
  EXPECT_EQ(machine.available(), 220);  // with swap
  machine.write("sys/fs/cgroup/outer/inner/memory.stat",
                "anon 1\ninactive_file " + std::to_string(30 * kMega) + "\nactive_file " + std::to_string(20 * kMega));
  EXPECT_EQ(machine.available(), 270);
  machine.limit("outer/inner", "memory.swap.max", 10);
  EXPECT_EQ(machine.available(), 240);
  machine.write("sys/fs/cgroup/outer/memory.max", "max\n");
  EXPECT_EQ(machine.available(), 240);
  machine.limit("outer", "memory.max", 100);  // the outer group's limit holds for those in it
  machine.limit("outer", "memory.current", 90);
  machine.limit("outer", "memory.swap.max", 0);
  EXPECT_EQ(machine.available(), 10);
}

TEST(AvailableBytes, GroupV1_IsFoundByItsController) {
  const Machine machine;
  machine.write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/docker/abc\n0::/\n");
  machine.limit("memory/docker/abc", "memory.limit_in_bytes", 200);
  machine.limit("memory/docker/abc", "memory.usage_in_bytes", 80);
  machine.write("sys/fs/cgroup/memory/docker/abc/memory.stat",
                "total_active_file 0\ntotal_inactive_file " + std::to_string(20 * kMega));
  EXPECT_EQ(machine.available(), 140);
}

// A container sees its own group as the root, and the path that its host knows it by.
TEST(AvailableBytes, GroupWithoutItsPath_IsTheRoot) {
  const Machine machine;
  machine.write("proc/self/cgroup", "0::/not/seen\n");
  machine.limit("", "memory.max", 100);
  machine.limit("", "memory.current", 150);
  EXPECT_EQ(machine.available(), 0);
}

TEST(AvailableBytes, NothingKnown_IsNoLimit) {
  const TempDir empty;
  EXPECT_GT(available_bytes(0, empty.path()), int64_t{1} << 50);
}

TEST(Exceeds, WithinTheEstimatesError_IsNotRefused) {
  EXPECT_FALSE(exceeds(1000, 1000));
  EXPECT_FALSE(exceeds(1200, 1000));
  EXPECT_TRUE(exceeds(1300, 1000));
}

TEST(MemoryNeeded, Text_HasUnitsThatFit) {
  EXPECT_EQ(memory_needed(3'100'000'000, 250'000'000), "needs about 3.10 GB of memory, available: 250 MB");
  EXPECT_EQ(memory_needed(88'000'000'000'000'000, 0), "needs about 88.0 PB of memory, available: 0 B");
}

}  // namespace
}  // namespace fude
