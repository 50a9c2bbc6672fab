// What to try first with a text: tokenizer, vocabulary size and preset, each with its reason.
//
//   for (const fude::Suggestion& s : fude::suggest(statistics)) std::cout << s.flag << " " << s.value << "\n";
#pragma once

#include <string>
#include <vector>

#include "fude/data/statistics.h"

namespace fude {

struct Suggestion {
  std::string command;  // prep | train
  std::string flag;     // "--tokenizer"
  std::string value;    // "char"
  std::string reason;   // a sentence without its full stop
};

// Rules of thumb, each put down where it is applied. A text without characters gets none.
std::vector<Suggestion> suggest(const TextStatistics& statistics);

}  // namespace fude
