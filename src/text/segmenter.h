// Characters as readers see them (grapheme clusters), words and sentences, by the rules of Unicode (UAX #29). Words of
// languages that put no spaces between them (Chinese, Japanese, Thai, Khmer, Lao, Burmese) come from ICU's
// dictionaries.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

enum class Segments { kGraphemes, kWords, kSentences };

// Sets `ends` to the byte offsets where the first segments of `text` end: of all of a short text, of the first lines of
// a long one. `text` is valid UTF-8 and not empty. May be called from several threads at once.
void find_first_segments(std::string_view text, Segments kind, std::vector<size_t>& ends);

// Of the tables that say where segments end and what normalization does: another version may encode a text otherwise.
std::string unicode_tables_version();

// Visits one segment after the other: together they are `text`, which is valid UTF-8.
template <class Visit>
void for_each_segment(std::string_view text, Segments kind, const Visit& visit) {
  std::vector<size_t> ends;
  while (!text.empty()) {
    find_first_segments(text, kind, ends);
    size_t begin = 0;
    for (const size_t end : ends) {
      visit(text.substr(begin, end - begin));
      begin = end;
    }
    text.remove_prefix(begin);
  }
}

}  // namespace fude
