// The statistics of a text as people and programs read them.
#pragma once

#include <string>

#include "base/json.h"
#include "fude/data/statistics.h"

namespace fude {

std::string statistics_table(const TextStatistics& statistics, int files);
// The members of `preparation` come last: what preparing read, did and wrote.
std::string statistics_json(const TextStatistics& statistics, int files, const Json& preparation);

}  // namespace fude
