#include "fude/base/threads.h"

#include <algorithm>
#include <string>
#include <thread>

#include "fude/base/error.h"

// OpenBLAS's own control of its pool; declared here so that cblas.h stays in src/compute.
extern "C" {
void openblas_set_num_threads(int n);
int openblas_get_num_threads(void);
}

namespace fude {

void set_threads(int n) {
  if (n < 0) throw ConfigError("threads must be 0 (one a core) or more, got " + std::to_string(n));
  if (n == 0) n = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  openblas_set_num_threads(n);
}

int threads() { return openblas_get_num_threads(); }

}  // namespace fude
