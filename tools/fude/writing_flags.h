// The flags that say how text is written: shared by generate, repl and batch.
#pragma once

#include <cstdint>
#include <optional>

#include "flags.h"
#include "fude/generate/generator.h"

namespace fude {

struct WritingFlags {
  GenerateOptions options;
  std::optional<uint64_t> seed;

  void add_to(Flags& flags);
  // After Flags::apply: --chars or --lines without -n takes the limit on tokens away; a missing seed is drawn. Checks
  // the whole.
  void finish(const Flags& flags);
};

}  // namespace fude
