#include "text/streaming_normalizer.h"

#include <unicode/normalizer2.h>

#include "fude/base/error.h"
#include "text/normalize.h"

namespace fude {
namespace {

constexpr size_t kLongestHeld = size_t{1} << 16;

const icu::Normalizer2& normalizer(Normalization form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const found = form == Normalization::kNfkc ? icu::Normalizer2::getNFKCInstance(status)
                                                                     : icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) throw Error(std::string("ICU cannot normalize text: ") + u_errorName(status));
  return *found;
}

// Where the last character begins that nothing behind the text joins to what stands before it; 0: there is none.
size_t last_boundary(std::string_view text, Normalization form) {
  if (text.ends_with('\n')) return text.size();
  for (size_t begin = text.size(); begin > 0;) {
    do {
      --begin;
    } while (begin > 0 && (text[begin] & 0xC0) == 0x80);
    size_t next = begin;
    const char32_t c = next_code_point(text, next);
    if (normalizer(form).hasBoundaryBefore(static_cast<UChar32>(c))) return begin;
  }
  return 0;
}

}  // namespace

StreamingNormalizer::Part StreamingNormalizer::push(std::string_view piece) {
  if (form_ == Normalization::kNone) return {piece, piece};
  if (held_.empty()) {
    const size_t end = last_boundary(piece, form_);
    held_ = piece.substr(end);
    return normalized(piece.substr(0, end));
  }
  before_ = std::move(held_);
  before_ += piece;
  size_t end = last_boundary(before_, form_);
  if (before_.size() - end > kLongestHeld) end = before_.size();
  held_ = before_.substr(end);
  before_.resize(end);
  return normalized(before_);
}

StreamingNormalizer::Part StreamingNormalizer::finish() {
  before_ = std::move(held_);
  held_.clear();
  return normalized(before_);
}

StreamingNormalizer::Part StreamingNormalizer::normalized(std::string_view before) {
  return {before, normalized_view(before, form_, after_)};
}

}  // namespace fude
