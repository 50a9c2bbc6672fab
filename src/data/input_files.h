// From what a user names as input to the files that are meant.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fude {

struct InputFiles {
  std::vector<std::string> files;
  // What of the folders was not taken: by the ending of its name, or else by what it is (CorpusInfo).
  std::map<std::string, int64_t> left_out;
  // How often a file was found again.
  int64_t repeats = 0;
};

// Expands folders (recursively: files whose ending is one of text, also with .gz or .zst behind it, sorted by path,
// nothing hidden, links to folders not followed) and globs (only where no file has that very name; sorted), keeps
// "-", and drops what is found a second time. IoError with a hint for a missing file, for a folder or glob that holds
// no text, and for a run's own folder; where a folder or glob holds one, it is left out. Of folders and globs nothing
// is taken whose path is one of `not_these`.
InputFiles find_input_files(const std::vector<std::string>& inputs, const std::vector<std::string>& not_these = {});

}  // namespace fude
