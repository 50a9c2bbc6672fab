// Flags that say in what form the user's text comes and where its documents end.
#pragma once

#include "flags.h"
#include "fude/data/format.h"

namespace fude {

// Adds --format, --template, --ruby, --doc-sep and --doc-by. `options` must outlive `flags`.
void add_format_flags(Flags& flags, FormatOptions& options);

}  // namespace fude
