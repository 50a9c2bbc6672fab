#include "text/word_segmenter.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <string>

#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// Text goes to ICU in parts of whole lines of about this many bytes: it counts in 32 bits, and keeps tables as long as
// the text it is given. A line that is longer is cut.
constexpr size_t kPartSize = size_t{1} << 20;

void require_success(UErrorCode status) {
  if (U_FAILURE(status)) throw Error(std::string("ICU cannot find words: ") + u_errorName(status));
}

std::string_view next_part(std::string_view text) {
  if (text.size() <= kPartSize) return text;
  const std::string_view part = text.substr(0, kPartSize);
  const size_t newline = part.rfind('\n');
  return text.substr(0, newline == std::string_view::npos ? complete_utf8_prefix(part) : newline + 1);
}

bool begins_with_space(std::string_view segment) {
  size_t offset = 0;
  return u_isUWhiteSpace(static_cast<UChar32>(next_code_point(segment, offset))) != 0;
}

}  // namespace

struct WordSegmenter::Rules {
  std::unique_ptr<icu::BreakIterator> iterator;
};

WordSegmenter::WordSegmenter() : rules_(std::make_unique<Rules>()) {
  UErrorCode status = U_ZERO_ERROR;
  rules_->iterator.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  require_success(status);
}

WordSegmenter::~WordSegmenter() = default;

void WordSegmenter::for_each(std::string_view text, const std::function<void(std::string_view)>& visit) const {
  const std::unique_ptr<icu::BreakIterator> iterator(rules_->iterator->clone());
  UText utext = UTEXT_INITIALIZER;
  const std::unique_ptr<UText, decltype(&utext_close)> closer(&utext, &utext_close);
  while (!text.empty()) {
    const std::string_view part = next_part(text);
    text.remove_prefix(part.size());
    UErrorCode status = U_ZERO_ERROR;
    utext_openUTF8(&utext, part.data(), static_cast<int64_t>(part.size()), &status);
    iterator->setText(&utext, status);
    require_success(status);
    size_t begin = 0;
    bool single_space = false;  // part[begin] is a space that the next word may take
    auto previous = static_cast<size_t>(iterator->first());
    for (int32_t boundary = iterator->next(); boundary != icu::BreakIterator::DONE; boundary = iterator->next()) {
      const auto end = static_cast<size_t>(boundary);
      const std::string_view segment = part.substr(previous, end - previous);
      if (single_space && begins_with_space(segment)) {
        visit(part.substr(begin, previous - begin));
        begin = previous;
      }
      single_space = segment == " ";
      if (!single_space) {
        visit(part.substr(begin, end - begin));
        begin = end;
      }
      previous = end;
    }
    if (begin < part.size()) visit(part.substr(begin));
  }
}

}  // namespace fude
