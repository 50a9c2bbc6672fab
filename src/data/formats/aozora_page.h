// Aozora Bunko's works as its web pages have them, for the reader of HTML.
#pragma once

#include <string>
#include <string_view>

#include "fude/data/format.h"

namespace fude {

// Whether `html` is one of these pages.
bool is_aozora_page(std::string_view html);

// Such a page without its notes, each <span class="notes">［＃...］</span>, which may hold others; one behind ※ gives
// way to the character that it describes. `report` counts them, and those without an end.
std::string without_notes(std::string_view page, FormatReport& report);

// What is around the work in such a page, by a div's class and id: before it title and author, behind it where the text
// is from, what its signs mean, a link to the library's card.
enum class PagePart { kWork, kHeader, kFooter };
PagePart page_part(std::string_view div_class, std::string_view div_id);

}  // namespace fude
