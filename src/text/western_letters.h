// Whether bytes look like Western European text, which is written in windows-1252.
#pragma once

#include <cstdint>
#include <string_view>

namespace fude {

// How the bytes beyond ASCII stand in the words, read as windows-1252.
struct WesternLetters {
  static constexpr int64_t kPerForeign = 50;  // Finnish has words of vowels, "määrää"
  int64_t quotes = 0;   // curly quotes, dashes and dots, placed so, which all windows-125x write alike
  int64_t western = 0;  // letters of Western Europe in words that have ASCII letters, too, and its signs
  int64_t foreign = 0;  // letters in words that have hardly another: no Latin writing
  int64_t others = 0;   // what is none of that

  bool all_quotes() const { return quotes > 0 && western + foreign + others == 0; }
  bool all_western() const { return quotes + western > 0 && others == 0 && foreign * kPerForeign <= western; }
  bool latin() const { return foreign <= quotes + western; }
};

WesternLetters count_western_letters(std::string_view text);

// Whether all that is beyond ASCII are the curly quotes, dashes, dots and fixed spaces of the Macintosh, and several of
// the quotes stand where quotes do. Other encodings have capital letters there, which never stand behind small ones.
bool has_only_macintosh_quotes(std::string_view text);

}  // namespace fude
