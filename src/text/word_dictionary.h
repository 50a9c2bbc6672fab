// Words of Chinese and Japanese, which put no spaces between them, by the dictionary that ICU brings for both.
#pragma once

#include <unicode/udata.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace fude {

// Divides as ICU's break iterators do, several times as fast: a character's way into the dictionary is looked up once,
// and nothing is copied. Read-only: threads may share it.
class WordDictionary {
 public:
  // Null when this ICU's dictionary is not the one that this class knows, or is not there.
  static const WordDictionary* shared();

  // Whether `c` may stand in a stretch: a character of Han, Hiragana or Katakana in U+3000 to U+9FFF that NFKC leaves
  // as it is.
  static bool contains(char32_t c);

  // Room that divisions reuse.
  struct Scratch {
    std::vector<uint32_t> costs;
    std::vector<uint32_t> previous;
    std::vector<uint32_t> ends;
  };

  // The ends of the words of `stretch`, counted in characters, the last one `stretch.size()`; they stay in `scratch`
  // until the next call. Every character is one that `contains` names.
  const std::vector<uint32_t>& divide(std::u16string_view stretch, Scratch& scratch) const;

 private:
  // The words that begin with one character.
  struct Entry {
    uint64_t state = 0;  // of the trie behind that character; 0: it begins no word
    uint32_t cost = 0;   // of the character as a word of its own
  };

  struct Close {
    void operator()(UDataMemory* file) const { udata_close(file); }
  };
  using File = std::unique_ptr<UDataMemory, Close>;

  static File open();
  explicit WordDictionary(File file);

  File file_;
  const char16_t* words_;  // a trie with the cost of each word
  std::unique_ptr<Entry[]> entries_;
};

}  // namespace fude
