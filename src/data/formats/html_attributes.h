// Tags that would keep the HTML parser busy for hours.
#pragma once

#include <cstddef>
#include <string_view>

namespace fude {

// No tag that was meant has as many. The parser compares each attribute with all before it.
inline constexpr size_t kMostAttributes = 5000;

// Whether a tag of `html` has more. Prose behind a stray "<" looks like attributes, too.
bool has_endless_tag(std::string_view html);

}  // namespace fude
