#include "text/word_segmenter.h"

#include "fude/text/unicode.h"

namespace fude {

bool begins_with_white_space(std::string_view segment) {
  size_t offset = 0;
  return is_white_space(next_code_point(segment, offset));
}

}  // namespace fude
