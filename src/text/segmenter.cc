#include "text/segmenter.h"

#include <unicode/brkiter.h>
#include <unicode/rbbi.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/uvernum.h>

#include <array>
#include <memory>
#include <string>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/plain_graphemes.h"
#include "text/plain_words.h"
#include "text/word_rules.h"

namespace fude {
namespace {

// Text goes to ICU in parts of whole lines of at most this many bytes: it counts in 32 bits, and keeps tables as long
// as the text it is given. A newline ends a segment of every kind. A line that is longer is cut.
constexpr size_t kPartSize = size_t{1} << 18;
// Segments before a cut that the text behind it might still change.
constexpr size_t kUnsettled = 4;

// Raised when the same ICU comes to divide otherwise through this file.
constexpr int kSegmentsVersion = 2;

void require_success(UErrorCode status) {
  if (U_FAILURE(status)) throw Error(std::string("ICU cannot divide text: ") + u_errorName(status));
}

std::unique_ptr<icu::BreakIterator> compile_word_rules() {
  UErrorCode status = U_ZERO_ERROR;
  UParseError place;
  auto words = std::make_unique<icu::RuleBasedBreakIterator>(icu::UnicodeString::fromUTF8(kWordRules), place, status);
  require_success(status);
  return words;
}

std::unique_ptr<icu::BreakIterator> make_iterator(Segments kind) {
  if (kind == Segments::kWords) {
    static const std::unique_ptr<icu::BreakIterator> compiled = compile_word_rules();  // takes milliseconds
    return std::unique_ptr<icu::BreakIterator>(compiled->clone());
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale& root = icu::Locale::getRoot();
  std::unique_ptr<icu::BreakIterator> iterator(kind == Segments::kGraphemes
                                                   ? icu::BreakIterator::createCharacterInstance(root, status)
                                                   : icu::BreakIterator::createSentenceInstance(root, status));
  require_success(status);
  return iterator;
}

// The thread's own: an iterator holds the text it is at.
icu::BreakIterator& iterator_of(Segments kind) {
  thread_local std::array<std::unique_ptr<icu::BreakIterator>, 3> iterators;
  std::unique_ptr<icu::BreakIterator>& iterator = iterators.at(static_cast<size_t>(kind));
  if (iterator == nullptr) iterator = make_iterator(kind);
  return *iterator;
}

// Of a UTF-16 unit. Of the four of a pair of surrogates the first one has three.
size_t utf8_bytes(char16_t unit) {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return U16_IS_TRAIL(unit) ? 1 : 3;
}

// In UTF-16, for which ICU's dictionaries are made: they copy other text character by character.
void append_ends_by_icu(std::string_view text, icu::BreakIterator& iterator, std::vector<size_t>& ends) {
  const icu::UnicodeString units =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  iterator.setText(units);
  iterator.first();
  int32_t unit = 0;
  size_t byte = 0;
  for (int32_t at = iterator.next(); at != icu::BreakIterator::DONE; at = iterator.next()) {
    for (; unit < at; ++unit) byte += utf8_bytes(units[unit]);
    ends.push_back(byte);
  }
}

}  // namespace

TextPart first_part(std::string_view text) {
  if (text.size() <= kPartSize) return {text.size(), true};
  const std::string_view part = text.substr(0, kPartSize);
  const size_t newline = part.rfind('\n');
  if (newline != std::string_view::npos) return {newline + 1, true};
  return {complete_utf8_prefix(part), false};
}

void find_first_segments(std::string_view part, bool whole, Segments kind, std::vector<size_t>& ends) {
  ends.clear();
  size_t end = part.size();  // of what is left to ICU
  if (kind == Segments::kGraphemes) {
    append_plain_grapheme_ends(part, whole, ends);
    if (!ends.empty()) return;
    end = up_to_plain_graphemes(part);
  } else if (kind == Segments::kWords) {
    append_plain_word_ends(part, whole, ends);
    if (!ends.empty()) return;
    end = up_to_plain_words(part);
  }
  append_ends_by_icu(part.substr(0, end), iterator_of(kind), ends);
  if (!whole && end == part.size() && ends.size() > kUnsettled) ends.resize(ends.size() - kUnsettled);
}

std::string unicode_tables_version() { return "ICU " U_ICU_VERSION ", segments " + std::to_string(kSegmentsVersion); }

}  // namespace fude
