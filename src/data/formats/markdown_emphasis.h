// Emphasis in text without spaces, which CommonMark's rules do not see.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fude {

// Where in Markdown a space makes asterisks begin or end emphasis that were meant to: CommonMark wants one between a
// letter and asterisks with punctuation behind them, and nobody writes it in これと**「強調」**した. Ascending.
std::vector<size_t> spaces_for_emphasis(std::string_view file);

}  // namespace fude
