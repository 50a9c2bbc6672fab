// The flags of tokenizers: how one is learned, and where one is read from.
#pragma once

#include <memory>
#include <string>

#include "flags.h"
#include "fude/text/tokenizer.h"

namespace fude {

// What TokenizerOptions has beside kind and seed.
void add_tokenizer_flags(Flags& flags, TokenizerOptions& options);

// Where a tokenizer is read from: a file of its own, or a model.
struct TokenizerSource {
  std::string file;
  std::string model;

  void add_to(Flags& flags);
  // UsageError when none is named, and when both are.
  std::shared_ptr<const Tokenizer> load() const;
};

// "bpe, 1,000 tokens, fingerprint 0123..."
std::string described(const Tokenizer& tokenizer);

}  // namespace fude
