#include "text/word_dictionary.h"

#include <unicode/uchar.h>
#include <unicode/ucharstrie.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uvernum.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace fude {
namespace {

// Whose dictionary and costs these are: the tests hold them against ICU's own division. Another version may keep them,
// if the tests pass with its number here.
constexpr int kKnownVersion = 72;

constexpr char32_t kFirst = 0x3000;
constexpr char32_t kLimit = 0xA000;
constexpr size_t kCharacters = kLimit - kFirst;

// The dictionary's costs grow with the rarity of a word; it has none above 251.
constexpr uint32_t kUnknownCharacterCost = 255;
constexpr uint32_t kUnreached = std::numeric_limits<uint32_t>::max();

// A run of Katakana is a word that the dictionary may lack, at a cost by its length in characters. What ICU asks for
// longer runs is more than they cost character by character.
constexpr std::array<uint32_t, 9> kKatakanaCosts = {0, 984, 408, 240, 204, 252, 300, 372, 480};

constexpr char16_t kProlongedSound = 0x30FC;  // ー, which Hiragana and Katakana share

bool is_katakana(char16_t c) { return c >= 0x30A1 && c <= 0x30FE && c != 0x30FB; }

size_t katakana_run(std::u16string_view text) {
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_katakana) - text.begin());
}

// The layout that DictionaryData of ICU gives its files: eight numbers, of which the first says where the trie is and
// the fifth what it is made of.
constexpr size_t kTrieOffset = 0;
constexpr size_t kTrieType = 4;
constexpr int32_t kTypeMask = 7;
constexpr int32_t kOfCharacters = 1;

const int32_t* header_of(UDataMemory* file) { return static_cast<const int32_t*>(udata_getMemory(file)); }

}  // namespace

const WordDictionary* WordDictionary::shared() {
  static const std::unique_ptr<const WordDictionary> dictionary = [] {
    File file = open();
    return std::unique_ptr<const WordDictionary>(file == nullptr ? nullptr : new WordDictionary(std::move(file)));
  }();
  return dictionary.get();
}

WordDictionary::File WordDictionary::open() {
  if (U_ICU_VERSION_MAJOR_NUM != kKnownVersion) return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  File file(udata_open(U_ICUDATA_NAME U_TREE_SEPARATOR_STRING "brkitr", "dict", "cjdict", &status));
  if (U_FAILURE(status) || (header_of(file.get())[kTrieType] & kTypeMask) != kOfCharacters) return nullptr;
  return file;
}

bool WordDictionary::contains(char32_t c) {
  if (c < kFirst || c >= kLimit) return false;
  UErrorCode status = U_ZERO_ERROR;
  const auto code_point = static_cast<UChar32>(c);
  const UScriptCode script = uscript_getScript(code_point, &status);
  const bool in_script = script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA;
  return (in_script || c == kProlongedSound) && u_getIntPropertyValue(code_point, UCHAR_NFKC_QUICK_CHECK) == UNORM_YES;
}

WordDictionary::WordDictionary(File file) : file_(std::move(file)), entries_(new Entry[kCharacters]) {
  const int32_t* const header = header_of(file_.get());
  words_ = reinterpret_cast<const char16_t*>(reinterpret_cast<const char*>(header) + header[kTrieOffset]);
  icu::UCharsTrie trie(words_);
  for (char32_t c = kFirst; c < kLimit; ++c) {
    Entry& entry = entries_[c - kFirst];
    const UStringTrieResult result = trie.reset().next(static_cast<int32_t>(c));
    entry.cost = USTRINGTRIE_HAS_VALUE(result) ? static_cast<uint32_t>(trie.getValue()) : kUnknownCharacterCost;
    if (USTRINGTRIE_HAS_NEXT(result)) entry.state = trie.getState64();
  }
}

// The words whose costs together are least: costs[i] is that of the first i characters, previous[i] where the last of
// their words begins.
const std::vector<uint32_t>& WordDictionary::divide(std::u16string_view stretch, Scratch& scratch) const {
  auto& [costs, previous, ends] = scratch;
  const size_t size = stretch.size();
  costs.assign(size + 1, kUnreached);
  previous.resize(size + 1);
  costs[0] = 0;
  icu::UCharsTrie trie(words_);
  size_t katakana_end = 0;
  for (size_t i = 0; i < size; ++i) {
    const auto add_word = [&](size_t end, uint32_t cost) {
      if (costs[i] + cost >= costs[end]) return;
      costs[end] = costs[i] + cost;
      previous[end] = static_cast<uint32_t>(i);
    };
    const Entry& entry = entries_[stretch[i] - kFirst];
    add_word(i + 1, entry.cost);
    if (entry.state != 0) {
      trie.resetToState64(entry.state);
      for (size_t end = i + 1; end < size;) {
        const UStringTrieResult result = trie.next(stretch[end++]);
        if (USTRINGTRIE_HAS_VALUE(result)) add_word(end, static_cast<uint32_t>(trie.getValue()));
        if (!USTRINGTRIE_HAS_NEXT(result)) break;
      }
    }
    if (i >= katakana_end && is_katakana(stretch[i])) {
      const size_t run = katakana_run(stretch.substr(i));
      katakana_end = i + run;
      if (run < kKatakanaCosts.size()) add_word(katakana_end, kKatakanaCosts[run]);
    }
  }
  ends.clear();
  for (size_t end = size; end > 0; end = previous[end]) ends.push_back(static_cast<uint32_t>(end));
  std::reverse(ends.begin(), ends.end());
  return ends;
}

}  // namespace fude
