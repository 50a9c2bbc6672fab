// The flags that say how text is written: shared by generate, repl and batch.
#pragma once

#include <cstdint>
#include <optional>

#include "flags.h"
#include "fude/generate/generator.h"

namespace fude {

struct WritingFlags {
  // `tokens`: the usual limit, where nobody sets one.
  explicit WritingFlags(int64_t tokens = GenerateOptions().max_tokens) : usual_tokens(tokens) {
    options.max_tokens = tokens;
  }

  GenerateOptions options;
  std::optional<uint64_t> seed;
  int64_t usual_tokens;
  bool tokens_given = false;

  void add_to(Flags& flags);
  // After Flags::apply: a missing seed is drawn, then settle().
  void finish();
  // A limit on characters or lines takes the usual limit on tokens away. Checks the whole.
  void settle();
};

}  // namespace fude
