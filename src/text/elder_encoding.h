// The encodings of DOS and of the Macintosh before Unicode, which wrote letters where windows-125x and ISO-8859 have
// signs. ICU's detection knows nothing of them.
#pragma once

#include <string_view>

#include "fude/text/encoding.h"

namespace fude {

// The one in which `lines` are words of a language, or windows-1251 or KOI8-U, where its words fit better than those.
// No name and no confidence where too little is beyond ASCII, nothing fits, or other text fits about as well: then
// `perhaps` is the likeliest, if any.
DetectedEncoding find_elder_encoding(std::string_view lines);

}  // namespace fude
