// From what a user names as input to the files that are meant.
#pragma once

#include <string>
#include <vector>

namespace fude {

// Expands folders (recursively: .txt .text .md .html .htm .csv .tsv .jsonl, also with .gz or .zst behind it, sorted by
// path, nothing hidden, links to folders not followed) and globs (only where no file has that very name; sorted), keeps
// "-", and drops what is found a second time. IoError with a hint for a missing file and for a folder or glob that
// holds no text.
std::vector<std::string> find_input_files(const std::vector<std::string>& inputs);

}  // namespace fude
