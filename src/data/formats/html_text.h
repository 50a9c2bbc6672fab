// HTML reduced to text. The one room that knows libxml2.
#pragma once

#include <string>
#include <string_view>

#include "data/formats/text_flow.h"
#include "fude/data/format.h"

namespace fude {

// Adds the text of `html`, a file or a part of one, to `flow`. `ruby` as in FormatOptions; `where` names the source in
// the FormatError for elements nested beyond 2000 levels.
void append_html(std::string_view html, const std::string& ruby, const std::string& where, FormatReport& report,
                 TextFlow& flow);

// Of an element inside lines: whether HTML, a namespace or a program may call it so. <Bob> and <ann@example.org> are
// called so by nobody.
bool is_known_inline(std::string_view element);

// "&eacute;", "&#233;" or "&#xE9;" as "é"; what names nothing stays as it is.
std::string decode_entity(std::string_view entity);
// Whether "&name" refers to a character without its semicolon, too: names of Latin-1 do, and of markup's own
// characters.
bool needs_no_semicolon(std::string_view name);

}  // namespace fude
