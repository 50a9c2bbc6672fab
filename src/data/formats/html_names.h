// Names of characters that HTML 5 has and HTML 4 had not.
#pragma once

#include <string_view>

namespace fude {

// What "&name;" means, for names that texts use: signs of ASCII, spaces, fractions, letters of Latin alphabets. HTML 5
// has some 1,800 more, mostly of mathematics. Empty: none of them.
std::string_view character_named(std::string_view name);

}  // namespace fude
