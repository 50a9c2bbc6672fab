#include "version.h"

#include "fude/base/threads.h"
#include "fude/compute/backend.h"

namespace fude {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

// The widest vector instructions that this processor offers.
std::string instruction_set() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return "x86-64, AVX-512";
  if (__builtin_cpu_supports("avx2")) return "x86-64, AVX2";
  if (__builtin_cpu_supports("avx")) return "x86-64, AVX";
  return "x86-64, SSE2";
#elif defined(__aarch64__)
  return "AArch64, NEON";
#else
  return "unknown";
#endif
}

}  // namespace

std::string version_text() {
  set_threads(0);
  return "fude " FUDE_VERSION "\ncompiler   " + compiler() + "\nprocessor  " + instruction_set() + "\nmatrices   " +
         backend_description() + "\nthreads    " + std::to_string(threads()) + "\n";
}

}  // namespace fude
