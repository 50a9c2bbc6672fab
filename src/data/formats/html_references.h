// What HTML makes of NULs, of references that are odd or name no character, of declarations, and of comments and quotes
// without an end, where its parser does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fude {

// The code point that a numeric reference means: those from 128 to 159 are read as windows-1252 (&#146; is an
// apostrophe), what is no character as U+FFFD, all others as they are.
uint32_t meant_by_reference(uint32_t number);

// A NUL becomes U+FFFD; a reference from 128 to 159 or to no character what it means; "&#" without a number is text;
// "&copy" gets its semicolon. A comment that is never closed is text: it would take all behind it along. Other
// declarations in the text (Word's <![if !supportLists]>) and programs (<?php ?>) are comments; what is in <![CDATA[
// ]]> is text. The quote of an attribute that is never closed goes, as it would take what follows along.
std::string mend_html(std::string_view html);

}  // namespace fude
