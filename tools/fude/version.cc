#include "version.h"

#include <fstream>

#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "terminal.h"

namespace fude {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

void say_backend_hint() {
  if (const std::string hint = backend_hint(); !hint.empty()) say("note: " + hint);
}

std::string version_text() {
  set_threads(0);
  std::string matrices = backend_description();
  if (const std::string rounded = backend_description(true); bf16_available() && rounded != matrices)
    matrices += ", bf16 by " + rounded;
  return "fude " FUDE_VERSION "\ncommit     " + std::string(built_from_commit()) + "\ncompiler   " + compiler() +
         "\nprocessor  " + processor_name() + ", " + instruction_set() + "\nmatrices   " + matrices + "\nthreads    " +
         std::to_string(threads()) + "\n";
}

}  // namespace fude
