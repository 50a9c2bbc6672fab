// Words and sentences to be counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace fude {

// Visits the words of valid UTF-8, without the space and punctuation between them: what holds a letter or digit.
void for_each_plain_word(std::string_view text, const std::function<void(std::string_view)>& visit);

// How many sentences there are in valid UTF-8. One ends at an empty line; another line end is a space.
int64_t count_sentences(std::string_view text);

// Where `text`, which goes on, may be cut so that its words and sentences are counted right in two parts: where the
// last sentence begins that its end does not hang on, or else a word. Looks at the last few KiB; the end of `text`
// where there is no such place.
size_t find_sentence_begin(std::string_view text);

}  // namespace fude
