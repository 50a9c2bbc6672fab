// What the forms had beside the text, for programs and for people.
#include <algorithm>
#include <array>

#include "base/numbers.h"
#include "fude/data/format.h"

namespace fude {
namespace {

struct Count {
  std::string_view key;
  int64_t FormatReport::*count;
  std::string_view one;     // "1 ..."
  std::string_view others;  // "2 ..."
};
constexpr std::array kCounts = {
    Count{"records", &FormatReport::records, "record", "records"},
    Count{"empty_records", &FormatReport::empty_records, "empty record left out", "empty records left out"},
    Count{"lacking_records", &FormatReport::lacking_records, "record that lacks a field of the template",
          "records that lack a field of the template"},
    Count{"heading_rows", &FormatReport::heading_rows, "first row taken for the name of its column",
          "first rows taken for the names of their columns"},
    Count{"headers", &FormatReport::headers, "header removed", "headers removed"},
    Count{"footers", &FormatReport::footers, "footer removed", "footers removed"},
    Count{"behind_footers", &FormatReport::behind_footers, "text behind a footer kept", "texts behind footers kept"},
    Count{"front_matter", &FormatReport::front_matter, "block of front matter removed",
          "blocks of front matter removed"},
    Count{"ruby", &FormatReport::ruby, "ruby reading removed", "ruby readings removed"},
    Count{"ruby_kept", &FormatReport::ruby_kept, "ruby reading kept", "ruby readings kept"},
    Count{"ruby_in_place", &FormatReport::ruby_in_place, "ruby reading in place of its base",
          "ruby readings in place of their bases"},
    Count{"notes", &FormatReport::notes, "note removed", "notes removed"},
    Count{"gaiji", &FormatReport::gaiji, "gaiji note turned into its character", "gaiji notes turned into characters"},
    Count{"unknown_gaiji", &FormatReport::unknown_gaiji, "gaiji unknown, turned into 〓",
          "gaiji unknown, turned into 〓"},
    Count{"accents", &FormatReport::accents, "accent composed", "accents composed"},
    Count{"repeat_marks", &FormatReport::repeat_marks, "repeat mark composed", "repeat marks composed"},
    Count{"elements", &FormatReport::elements, "element removed (scripts, titles, menus and the like)",
          "elements removed (scripts, titles, menus and the like)"},
    Count{"open_elements", &FormatReport::open_elements, "script or style without an end removed, with all behind it",
          "scripts or styles without an end removed, with all behind them"},
    Count{"comments", &FormatReport::comments, "comment removed", "comments removed"},
    Count{"images", &FormatReport::images, "image removed", "images removed"},
    Count{"tags", &FormatReport::tags, "tag removed", "tags removed"},
    Count{"unknown_tags", &FormatReport::unknown_tags, "tag of no known name removed", "tags of no known name removed"},
    Count{"link_definitions", &FormatReport::link_definitions, "definition of a link removed",
          "definitions of links removed"},
    Count{"open_notes", &FormatReport::open_notes, "note ［＃ without an end left", "notes ［＃ without an end left"},
    Count{"empty_parts", &FormatReport::empty_parts, "empty document between separators left out",
          "empty documents between separators left out"},
    Count{"cr_line_ends", &FormatReport::cr_line_ends, "line end CR read as LF", "line ends CR read as LF"},
};

}  // namespace

std::vector<std::pair<std::string_view, int64_t>> FormatReport::counts() const {
  std::vector<std::pair<std::string_view, int64_t>> counts;
  for (const Count& each : kCounts)
    if (this->*each.count != 0) counts.emplace_back(each.key, this->*each.count);
  return counts;
}

std::vector<std::string> FormatReport::described() const {
  FormatReport told = *this;
  told.ruby -= ruby_kept + ruby_in_place;  // the others were removed
  std::vector<std::string> lines;
  for (const Count& each : kCounts) {
    const int64_t count = told.*each.count;
    if (count != 0) lines.push_back(with_commas(count) + " " + std::string(count == 1 ? each.one : each.others));
  }
  return lines;
}

}  // namespace fude
