// Tables of Markdown, as far as one sees without their blocks.
#pragma once

#include <string_view>
#include <vector>

#include "data/formats/markdown_signs.h"

namespace fude {

// A backslash before each bar between the surplus cells of a row that has more than its table has columns, which the
// parser would leave out. Dashes where the rule under a heading has cells of one or two. Bars that `spans` has a sign
// for, those within formulas, divide no cells. A line end between a table and a paragraph before it, or a heading or
// code behind it. Ascending, as `spans` is.
std::vector<MarkdownSign> signs_for_tables(std::string_view file, const std::vector<MarkdownSign>& spans);

}  // namespace fude
