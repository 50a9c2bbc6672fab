// What the program takes of the machine, and what it may still take.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace fude {

// Bytes of the program that lie in memory now; 0 where the system does not tell.
int64_t resident_bytes();

// Bytes that the program may take beside those it has, the least of
//   the machine: what is free, what is a cache of files, and swap, with which work goes on, if slowly;
//   the control groups (v1 and v2) it runs in, where caches of files and swap count alike;
//   its limits of address space and data (ulimit -v, -d).
// How much the system would promise is not asked: by default Linux promises more than it has, and ends a program
// without a word when that is found out. `address_space`: what will be taken of that without being used. `root`: where
// /proc and /sys are found, for tests.
int64_t available_bytes(int64_t address_space = 0, const std::filesystem::path& root = "/");

// Whether the program has a limit of address space (ulimit -v), which may be what available_bytes() tells of.
bool address_space_is_limited();

// Whether an estimate of bytes that will be taken is to be refused. An estimate may be wrong by a fifth, and nothing
// is refused that might work.
inline bool exceeds(int64_t estimate, int64_t available) { return estimate / 5 * 4 > available; }

// "needs about 3.1 GB of memory, available: 1.2 GB".
std::string memory_needed(int64_t bytes, int64_t available);

}  // namespace fude
