// Markdown that would keep its parser busy for hours, or fill the memory.
#pragma once

#include <string>
#include <string_view>

namespace fude {

// What there is too much of, for people; empty: the file costs what its size lets expect.
std::string excess_of_markdown(std::string_view file);

}  // namespace fude
