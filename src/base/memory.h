// What the program takes of the machine.
#pragma once

#include <cstdint>

namespace fude {

// Bytes of the program that lie in memory now; 0 where the system does not tell.
int64_t resident_bytes();

}  // namespace fude
