// Graphemes of one character that is joined to nothing, without ICU: most of what most scripts write.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fude {

// Appends the ends of the graphemes at the start of `text` that are one plain character each, up to the first that may
// be joined to what follows it, or to some thousands. `whole`: nothing follows `text`.
void append_plain_grapheme_ends(std::string_view text, bool whole, std::vector<size_t>& ends);

// The length of the start of `text`, which is not empty, up to where enough plain characters follow to be worth a
// change, or else of all of it.
size_t up_to_plain_graphemes(std::string_view text);

}  // namespace fude
