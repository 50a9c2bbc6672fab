// Words as the word tokenizer takes them.
#pragma once

#include <cstddef>
#include <string_view>

#include "text/segmenter.h"

namespace fude {

bool begins_with_white_space(std::string_view segment);

// Visits words, punctuation and white space one after the other: together they are `text`, which is valid UTF-8. A
// single space joins the word behind it: "to be" is "to", " be".
template <class Visit>
void for_each_word(std::string_view text, const Visit& visit) {
  bool single_space = false;  // the next word takes the space before it
  size_t end = 0;             // of the segments so far
  for_each_segment(text, Segments::kWords, [&](std::string_view segment) {
    const size_t begin = end;
    end += segment.size();
    const bool joins = single_space && !begins_with_white_space(segment);
    if (single_space && !joins) visit(text.substr(begin - 1, 1));
    single_space = segment == " ";
    if (!single_space) visit(joins ? text.substr(begin - 1, segment.size() + 1) : segment);
  });
  if (single_space) visit(text.substr(text.size() - 1));
}

}  // namespace fude
