#include "text/sentence_counter.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>

#include <string>

#include "fude/base/error.h"

namespace fude {
namespace {

void require_success(UErrorCode status) {
  if (U_FAILURE(status)) throw Error(std::string("ICU cannot find sentences: ") + u_errorName(status));
}

// Line ends within a paragraph become spaces.
void unwrap(icu::UnicodeString& text) {
  for (int32_t i = 0; i < text.length(); ++i) {
    if (text[i] != u'\n') continue;
    const bool paragraph_ends = i + 1 < text.length() && text[i + 1] == u'\n';
    while (i + 1 < text.length() && text[i + 1] == u'\n') ++i;
    if (!paragraph_ends) text.setCharAt(i, u' ');
  }
}

bool is_blank(const icu::UnicodeString& text, int32_t begin, int32_t end) {
  while (begin < end && u_isUWhiteSpace(text[begin]) != 0) ++begin;
  return begin == end;
}

}  // namespace

struct SentenceCounter::Rules {
  std::unique_ptr<icu::BreakIterator> iterator;
};

SentenceCounter::SentenceCounter() : rules_(std::make_unique<Rules>()) {
  UErrorCode status = U_ZERO_ERROR;
  rules_->iterator.reset(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  require_success(status);
}

SentenceCounter::~SentenceCounter() = default;

int64_t SentenceCounter::count(std::string_view text) {
  icu::UnicodeString unwrapped = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  unwrap(unwrapped);
  icu::BreakIterator& iterator = *rules_->iterator;
  iterator.setText(unwrapped);
  int64_t sentences = 0;
  int32_t begin = iterator.first();
  for (int32_t end = iterator.next(); end != icu::BreakIterator::DONE; end = iterator.next()) {
    sentences += is_blank(unwrapped, begin, end) ? 0 : 1;
    begin = end;
  }
  return sentences;
}

}  // namespace fude
