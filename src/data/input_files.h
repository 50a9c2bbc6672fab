// From what a user names as input to the files that are meant.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fude {

struct InputFiles {
  std::vector<std::string> files;
  // Files in the folders that were not taken, by ending; hidden ones and those of a run do not count.
  std::map<std::string, int64_t> left_out;
};

// Expands folders (recursively: files whose ending is one of text, also with .gz or .zst behind it, sorted by path,
// nothing hidden, links to folders not followed) and globs (only where no file has that very name; sorted), keeps
// "-", and drops what is found a second time. IoError with a hint for a missing file and for a folder or glob that
// holds no text. Of folders and globs nothing is taken whose path is one of `not_these`.
InputFiles find_input_files(const std::vector<std::string>& inputs, const std::vector<std::string>& not_these = {});

}  // namespace fude
