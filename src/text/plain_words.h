// Words of plain text without ICU, several times as fast: the same ones that the rules of word_rules.h give. Plain is
// what most text is made of: ASCII, letters that carry no marks, punctuation, Chinese and Japanese.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fude {

// Appends the ends of the words, punctuation and white space at the start of `text`, up to where it is no longer plain
// or what follows might change them, or to some thousands. `whole`: nothing follows `text`.
void append_plain_word_ends(std::string_view text, bool whole, std::vector<size_t>& ends);

// The length of the start of `text`, which is not empty, up to where enough plain text follows to be worth a change, or
// else of all of it.
size_t up_to_plain_words(std::string_view text);

}  // namespace fude
