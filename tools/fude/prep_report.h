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

// On a terminal, while it works: the step, how much of it is done, the time that it will take.
std::string progress_line(const PrepareProgress& progress, double seconds_in_this_pass);

}  // namespace fude
