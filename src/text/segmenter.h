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

// What is divided at once.
struct TextPart {
  size_t size = 0;    // in bytes
  bool whole = true;  // a segment ends where it ends, whatever follows
};

// The first lines of `text`, which is not empty, or the start of a line that is very long.
TextPart first_part(std::string_view text);

// Sets `ends` to the byte offsets where the first segments of `part` end, at least one. It is valid UTF-8 and not
// empty. `whole` as in TextPart. May be called from several threads at once.
void find_first_segments(std::string_view part, bool whole, Segments kind, std::vector<size_t>& ends);

// Of the tables that say where segments end and what normalization does: another version may encode a text otherwise.
std::string unicode_tables_version();

// Visits one segment after the other: together they are `text`, which is valid UTF-8. In a line that is very long, a few
// words for which a dictionary looks far ahead may be divided otherwise than in a short one.
template <class Visit>
void for_each_segment(std::string_view text, Segments kind, const Visit& visit) {
  std::vector<size_t> ends;
  while (!text.empty()) {
    const auto [size, whole] = first_part(text);
    // The second half of a line that was cut is for the next part, which shows what follows it.
    const size_t enough = whole ? size : size / 2;
    size_t begin = 0;
    while (begin < enough) {
      const std::string_view rest = text.substr(begin, size - begin);
      find_first_segments(rest, whole, kind, ends);
      size_t last = 0;
      for (const size_t end : ends) {
        visit(rest.substr(last, end - last));
        last = end;
      }
      begin += last;
    }
    text.remove_prefix(begin);
  }
}

}  // namespace fude
