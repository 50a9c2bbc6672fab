// What HTML makes of NULs and of references to control characters, where its parser does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fude {

// The code point that a numeric reference means: those from 128 to 159 are read as windows-1252 (&#146; is an
// apostrophe), all others as they are.
uint32_t meant_by_reference(uint32_t number);

// Whether mend_html may change anything.
bool needs_mending(std::string_view html);
// A NUL becomes U+FFFD, and a reference from 128 to 159 what it means.
std::string mend_html(std::string_view html);

}  // namespace fude
