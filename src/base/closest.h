// "Did you mean ...?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fude {

// Fewest single-byte insertions, deletions and replacements that turn one text into the other (Levenshtein distance).
size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that `wanted` was probably meant to be: the fewest edits away, at most a third of its length, or else
// the first that begins with it. Empty when none is near.
std::string closest(std::string_view wanted, const std::vector<std::string>& candidates);

}  // namespace fude
