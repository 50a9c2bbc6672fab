// Tags that would keep the HTML parser busy for hours, or swallow text.
#pragma once

#include <cstddef>
#include <string_view>

namespace fude {

// No tag that was meant has as many. The parser compares each attribute with all before it.
inline constexpr size_t kMostAttributes = 5000;

// Whether a tag of `html` has more. Prose behind a stray "<" looks like attributes, too.
bool has_endless_tag(std::string_view html);

// Where in the tag at `begin` a quote opens that was meant to close before the tag did: it never closes, or only lines
// behind the tag's ">" and other tags. npos: nowhere. `end`: behind the tag.
size_t find_open_quote(std::string_view html, size_t begin, size_t& end);

}  // namespace fude
