// How this program was built, and what it runs on.
#pragma once

#include <string>

namespace fude {

std::string version_text();

// The git commit that the program was built from, "-dirty" behind it when files had been changed since; "unknown" when
// it was built outside a checkout. tools/cmake/WriteCommit.cmake writes what it returns.
const char* built_from_commit();
// The processor as its maker names it; "unknown" where the system does not tell.
std::string processor_name();
// Says what keeps the library of matrix products from this processor's speed, if anything does.
void say_backend_hint();

}  // namespace fude
