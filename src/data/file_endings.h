// What the endings of file names tell.
#pragma once

#include <string>
#include <string_view>

namespace fude {

struct FileEnding {
  std::string_view ending;
  std::string_view format;  // as in FormatOptions
  bool is_text;             // files with it are taken from folders
};

// The ending of `file_name` as it is in the table; nullptr for one that tells nothing. Endings of compression (.gz
// .zst) behind it and capitals do not count.
const FileEnding* find_ending(std::string_view file_name);
// In lower case, compression left out: ".txt" of "A.TXT.gz". Empty for a name without one.
std::string ending_of(std::string_view file_name);
// The endings that are taken from folders, for people: ".txt, .text, ... or .ndjson".
std::string text_endings();

}  // namespace fude
