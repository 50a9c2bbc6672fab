// Unicode normalization for the tokenizers: without a copy where nothing changes, and in the chunks that it works on.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fude/text/unicode.h"

namespace fude {

// `text` itself when it is normalized already, or else `buffer`, which then holds the normalized text. Valid UTF-8
// only.
std::string_view normalized_view(std::string_view text, Normalization form, std::string& buffer);

// Where the chunk that begins at `begin` ends: the next place that normalization never reaches across. For most text
// that is the next code point; a letter and the combining marks behind it stay together.
size_t normalization_chunk_end(std::string_view text, size_t begin, Normalization form);

}  // namespace fude
