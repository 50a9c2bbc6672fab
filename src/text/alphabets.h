// Encodings that show by the alphabets of the languages that are written in them.
#pragma once

#include <string_view>

#include "fude/text/encoding.h"

namespace fude {

// The only one of windows-1250, 1252, 1254, 1257 and 1258, ISO-8859-2 and ISO-8859-13 in which the letters beyond ASCII
// of `lines` are all, but for a few of names from abroad, of one alphabet that is written in it. No name and no
// confidence where there are too few, several encodings are left, or none.
DetectedEncoding find_by_alphabet(std::string_view lines);

}  // namespace fude
