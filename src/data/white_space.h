// White space, as Unicode defines it.
#pragma once

#include <string_view>

namespace fude {

// Unicode's White_Space property.
bool is_white_space(char32_t code_point);

// The text before the white space that it ends with; `text` is valid UTF-8.
std::string_view without_trailing_space(std::string_view text);

}  // namespace fude
