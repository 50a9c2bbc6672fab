// White space at the ends of texts.
#pragma once

#include <string_view>

namespace fude {

// The text before the white space that it ends with; `text` is valid UTF-8.
std::string_view without_trailing_space(std::string_view text);

}  // namespace fude
