// How this program was built, and what it runs on.
#pragma once

#include <string>

namespace fude {

std::string version_text();

}  // namespace fude
