// --profile: where the time went.
#pragma once

namespace fude {

// A line for each kind of work, with its share of the time that all threads had since set_profiling(true).
void say_profile();

}  // namespace fude
