// The flags of tokenizers: how one is learned, and where one is read from.
#pragma once

#include <memory>
#include <string>

#include "flags.h"
#include "fude/data/corpus.h"
#include "fude/text/tokenizer.h"

namespace fude {

// What TokenizerOptions has beside kind and seed.
void add_tokenizer_flags(Flags& flags, TokenizerOptions& options);

// UsageError when the arguments hold one of those flags that a tokenizer of this kind, or a file, has no use for.
void refuse_unused_tokenizer_flags(const Flags& flags, const TokenizerOptions& options);

// Where a tokenizer is read from: a file of its own, or a model.
struct TokenizerSource {
  std::string file;
  std::string model;

  void add_to(Flags& flags);
  // UsageError when none is named, and when both are.
  std::shared_ptr<const Tokenizer> load(const Flags& flags) const;
  // Those that load() may have read.
  std::vector<std::string> files() const;
};

// The text that a tokenizer is tried on: --text, or files, read as a corpus is, as one text.
struct TextInput {
  std::string text;
  CorpusOptions corpus;

  void add_to(Flags& flags);
  // --text, or the files named, or standard input. UsageError when both are given, and when standard input is a
  // terminal.
  std::string read(const Flags& flags);
};

// A token as people read it, on one line and harmless to a terminal.
std::string shown_piece(const Tokenizer& tokenizer, TokenId id);

// "bpe, 1,000 tokens, fingerprint 0123..."
std::string described(const Tokenizer& tokenizer);

}  // namespace fude
