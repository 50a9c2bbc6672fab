// Characters that the encoding of Aozora Bunko lacks, as its texts describe them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fude {

// The character that a gaiji note (without its brackets) names by code point (U+5B57) or by its place in JIS X 0213
// (第3水準1-85-9) as UTF-8; empty when it only describes it.
std::string gaiji_character(std::string_view note);
// Stands before such a note.
inline constexpr std::string_view kGaijiMark = "※";
// Stands for one that is only described.
inline constexpr std::string_view kUnknownGaiji = "〓";

// The letter at the start of `rest` that is written apart, as in e' and ae&, and the length it is written in; nullopt
// for anything else.
std::optional<std::pair<std::string, size_t>> accented_letter(std::string_view rest);

}  // namespace fude
