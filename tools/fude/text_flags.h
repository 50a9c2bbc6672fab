// How the text that a command reads is found and understood.
#pragma once

#include "flags.h"
#include "fude/data/corpus.h"

namespace fude {

// Adds --encoding, --invalid, --input-format, --template, --ruby, --doc-by and the separator of documents, which is
// named `separator`.
void add_text_flags(Flags& flags, CorpusOptions& options, const char* separator = "doc-sep");

// Says which files are not plain text in UTF-8, what was beside the text in them and what was undecodable.
void say_sources(const CorpusInfo& info);

}  // namespace fude
