// The flags of every command that reads text: how its files are written.
#pragma once

#include "flags.h"
#include "fude/data/corpus.h"

namespace fude {

void add_text_flags(Flags& flags, CorpusOptions& options);

// Says how files were read that are not plain UTF-8, and what became of undecodable bytes.
void say_sources(const CorpusInfo& info);

}  // namespace fude
