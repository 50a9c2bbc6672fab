#include "text/plain_words.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "text/utf8.h"
#include "text/word_dictionary.h"

namespace fude {
namespace {

// To set up ICU takes as long as it takes to divide some words. In bytes.
constexpr size_t kWorthAChange = 64;

// So many at once stay in the cache.
constexpr size_t kMostEnds = 2048;

// Values of Word_Break, as far as a rule tells plain characters from each other.
enum Class : uint8_t {
  kOther,
  kNewline,
  kCarriageReturn,
  kSpace,
  kInWord,
  kInNumber,
  kInBoth,
  kDigit,
  kConnector,
  kLetter,
  kEastAsianLetter,  // 々 and 〻: letters that a dictionary divides
  kKatakana,
  kEastAsian,  // Han and Hiragana
  kNotPlain,   // marks, what joins to what follows, Hebrew, Thai and the like, all beyond U+FFFF: for ICU
};

// Those of a word that no dictionary divides.
bool is_undivided(Class c) { return c >= kDigit && c <= kLetter; }
bool is_word_class(Class c) { return c >= kDigit && c <= kEastAsianLetter; }
bool is_east_asian(Class c) { return c >= kEastAsianLetter && c <= kEastAsian; }
bool is_letter(Class c) { return c == kLetter || c == kEastAsianLetter; }

// Whether two that stand side by side are in one word, or in one stretch for the dictionary.
bool joins(Class before, Class after) {
  if (is_word_class(before) && is_word_class(after)) return true;
  if (is_east_asian(before) && is_east_asian(after)) return true;
  return (before == kConnector && after == kKatakana) || (before == kKatakana && after == kConnector);
}

// Whether punctuation of class `between` may keep what stands before it and its like together.
bool may_join(Class before, Class between) {
  if (is_letter(before)) return between == kInWord || between == kInBoth;
  return before == kDigit && (between == kInNumber || between == kInBoth);
}

bool are_alike(Class before, Class after) { return is_letter(before) ? is_letter(after) : before == after; }

Class class_of_property(int word_break) {
  switch (word_break) {
    case U_WB_OTHER:
    case U_WB_DOUBLE_QUOTE:  // joins Hebrew only
      return kOther;
    case U_WB_NEWLINE:
    case U_WB_LF:
      return kNewline;
    case U_WB_CR:
      return kCarriageReturn;
    case U_WB_WSEGSPACE:
      return kSpace;
    case U_WB_MIDLETTER:
      return kInWord;
    case U_WB_MIDNUM:
      return kInNumber;
    case U_WB_MIDNUMLET:
    case U_WB_SINGLE_QUOTE:
      return kInBoth;
    case U_WB_NUMERIC:
      return kDigit;
    case U_WB_EXTENDNUMLET:
      return kConnector;
    case U_WB_ALETTER:
      return kLetter;
    case U_WB_KATAKANA:
      return kKatakana;
    default:
      return kNotPlain;
  }
}

Class east_asian_class(UChar32 c, Class word_break) {
  if (WordDictionary::shared() == nullptr || !WordDictionary::contains(static_cast<char32_t>(c))) return kNotPlain;
  if (word_break == kLetter) return kEastAsianLetter;
  if (word_break == kKatakana) return kKatakana;
  return word_break == kOther ? kEastAsian : kNotPlain;
}

Class find_class(UChar32 c) {
  if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return kNotPlain;
  const Class word_break = class_of_property(u_getIntPropertyValue(c, UCHAR_WORD_BREAK));
  const int script = u_getIntPropertyValue(c, UCHAR_SCRIPT);
  if (script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || word_break == kKatakana)
    return east_asian_class(c, word_break);
  return word_break;
}

constexpr size_t kTableSize = 0x10000;
using Table = std::array<Class, kTableSize>;

const Table& table_of_classes() {
  static const std::unique_ptr<const Table> table = [] {
    auto classes = std::make_unique<Table>();
    for (size_t c = 0; c < kTableSize; ++c) (*classes)[c] = find_class(static_cast<UChar32>(c));
    return classes;
  }();
  return *table;
}

Class class_of(const Table& table, char32_t c) { return c < kTableSize ? table[c] : kNotPlain; }

// Of every character that WordDictionary contains.
constexpr size_t kStretchBytes = 3;

// Divides a text from its start, as far as nothing that follows can change the division.
class Divider {
 public:
  Divider(std::string_view text, bool whole, std::vector<size_t>& ends) : text_(text), whole_(whole), ends_(ends) {}

  void append_ends() {
    while (at_ < text_.size() && ends_.size() < kMostEnds && append_segment()) {
    }
  }

 private:
  struct Character {
    Class word_break;
    size_t end;
  };

  // That begins at `offset`. Behind a whole text every word ends.
  Character character(size_t offset) const {
    if (offset >= text_.size()) return {whole_ ? kNewline : kNotPlain, offset};
    const auto byte = static_cast<unsigned char>(text_[offset]);
    if (byte < 0x80) return {table_[byte], offset + 1};
    size_t end = offset;
    const Class word_break = class_of(table_, next_code_point(text_, end));
    return {word_break, end};
  }

  // False: what stands at at_ is not plain, or what follows may change where it ends.
  bool append_segment() {
    const Character first = character(at_);
    has_stretches_ = false;
    const bool is_word = is_word_class(first.word_break) || is_east_asian(first.word_break);
    const size_t end = is_word ? find_word_end(first) : find_other_end(first);
    if (end == at_) return false;
    if (has_stretches_) append_words_of_stretches(end);
    ends_.push_back(end);
    at_ = end;
    return true;
  }

  // Of what begins at at_, with a word's `last` character so far: at_ when the end is not certain.
  size_t find_word_end(Character last) {
    while (true) {
      if (is_east_asian(last.word_break)) has_stretches_ = true;
      Character next = character(last.end);
      while (is_undivided(last.word_break) && is_undivided(next.word_break)) {
        last = next;
        next = character(last.end);
      }
      if (next.word_break <= kSpace) return last.end;
      if (may_join(last.word_break, next.word_break)) {
        const Character behind = character(next.end);
        if (are_alike(last.word_break, behind.word_break) || behind.word_break == kNotPlain) next = behind;
      }
      if (next.word_break == kNotPlain) return at_;
      if (!joins(last.word_break, next.word_break)) return last.end;
      last = next;
    }
  }

  // Of white space or punctuation, in the same way.
  size_t find_other_end(Character last) const {
    if (last.word_break == kNotPlain) return at_;
    if (last.word_break == kNewline) return last.end;
    if (last.word_break == kCarriageReturn && text_.substr(last.end).starts_with('\n')) return last.end + 1;
    Character next = character(last.end);
    for (; last.word_break == kSpace && next.word_break == kSpace; next = character(last.end)) last = next;
    return next.word_break == kNotPlain ? at_ : last.end;
  }

  // The ends of words inside the stretches of what begins at at_ and ends, by the rules, at `end`.
  void append_words_of_stretches(size_t end) {
    for (size_t begin = at_; begin < end;) {
      const size_t stretch_end = find_stretch_end(begin, end);
      if (begin == stretch_end) {
        begin = character(begin).end;
        continue;
      }
      for (const uint32_t characters : WordDictionary::shared()->divide(stretch_, scratch_)) {
        const size_t word_end = begin + characters * kStretchBytes;
        if (word_end < stretch_end) ends_.push_back(word_end);
      }
      begin = stretch_end;
    }
  }

  // Of the stretch that begins at `at`, which becomes stretch_: `at` when none does.
  size_t find_stretch_end(size_t at, size_t limit) {
    stretch_.clear();
    for (size_t next = at; next < limit; at = next) {
      const char32_t c = take_code_point(text_, next);
      if (!is_east_asian(class_of(table_, c))) break;
      stretch_.push_back(static_cast<char16_t>(c));
    }
    return at;
  }

  std::string_view text_;
  bool whole_;
  std::vector<size_t>& ends_;
  const Table& table_ = table_of_classes();
  size_t at_ = 0;
  bool has_stretches_ = false;
  std::u16string stretch_;
  WordDictionary::Scratch scratch_;
};

// Whether no rule reaches across the place between two plain characters of these classes.
bool is_settled(Class before, Class after) {
  if (before == kNewline) return true;
  const auto may_stand_between = [](Class c) { return c == kInWord || c == kInNumber || c == kInBoth; };
  const bool same_space = before == kSpace && after == kSpace;
  return before != kCarriageReturn && !same_space && !joins(before, after) && !may_stand_between(before) &&
         !may_stand_between(after);
}

}  // namespace

void append_plain_word_ends(std::string_view text, bool whole, std::vector<size_t>& ends) {
  Divider(text, whole, ends).append_ends();
}

size_t up_to_plain_words(std::string_view text) {
  const Table& table = table_of_classes();
  size_t settled = 0;  // the first settled place of the stretch of plain characters; 0: none yet
  Class last = kNotPlain;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const Class c = class_of(table, take_code_point(text, at));
    if (c == kNotPlain) {
      settled = 0;
    } else if (settled == 0 && last != kNotPlain && is_settled(last, c)) {
      settled = begin;
    }
    if (settled != 0 && at - settled >= kWorthAChange) return settled;
    last = c;
  }
  return text.size();
}

}  // namespace fude
