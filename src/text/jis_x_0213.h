// Characters by their place in JIS X 0213, as Japanese texts name what their encoding lacks: 第3水準1-85-9.
#pragma once

#include <string>

namespace fude {

// The character (some are two code points) of plane 1 or 2, row 1 to 94, cell 1 to 94 as UTF-8. Empty for a place that
// holds none, and on a system whose iconv does not know the standard.
std::string jis_x_0213_character(int plane, int row, int cell);

}  // namespace fude
