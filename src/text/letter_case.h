// Words in other letters, code point by code point: "the", "The" and "THE". A space before a word does not count.
#pragma once

#include <string>
#include <string_view>

namespace fude {

std::string lower_case(std::string_view word);
std::string capitalized(std::string_view word);
std::string upper_case(std::string_view word);

// "the" for "The" and for "THE"; `word` itself where that would not give it back, such as "McAdam" and "the".
std::string without_case(std::string_view word);

}  // namespace fude
