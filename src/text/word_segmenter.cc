#include "text/word_segmenter.h"

#include <unicode/uchar.h>

#include "fude/text/unicode.h"

namespace fude {

bool begins_with_white_space(std::string_view segment) {
  size_t offset = 0;
  return u_isUWhiteSpace(static_cast<UChar32>(next_code_point(segment, offset))) != 0;
}

}  // namespace fude
