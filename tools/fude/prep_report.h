// What `fude prep` did to a text: in words, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "prep_flags.h"

namespace fude {

// One line on standard error for each step that changed something. `names` are the files of the parts.
void tell_changes(const PrepareReport& report, const CorpusInfo& corpus, const PrepFlags& flags,
                  const std::vector<std::string>& names);

// The count of each step, 0 where it changed nothing.
Json changes_json(const PrepareReport& report, const CorpusInfo& corpus);

// Each file, how it was read.
Json sources_json(const CorpusInfo& corpus);
// How many documents went to each of the files `names`; none: standard output.
Json parts_json(const PrepareReport& report, const std::vector<std::string>& names);

// On a terminal, while the texts are read for the first time: the share that is done, the time that it will take.
std::string reading_line(double share, double seconds);
// And then, while it works: the step, how much of it is done, the time that it will take.
std::string progress_line(const PrepareProgress& progress, double seconds_in_this_pass);

}  // namespace fude
