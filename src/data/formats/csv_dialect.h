// How a file of rows is written: what divides its fields and its lines.
#pragma once

#include <cstddef>
#include <string_view>

namespace fude {

struct CsvDialect {
  char separator = ',';
  char line_end = '\n';  // '\r' where lines end with nothing else
  bool quotes = true;    // a field may stand in quotes; otherwise they are text
  size_t begin = 0;      // of the first row: behind "sep=;", a line in which spreadsheets name the separator
};

// Looks at the first row. It is of the `expected` separator, unless it has none of that: then of tabs or ;, if it has
// those, or of |, if the second row has it, too (a comma is what files are taken for, and many programs write ;
// instead). Quotes in rows divided by tabs are text, as most programs mean them, unless the rows say otherwise: fields
// in quotes hold tabs, line ends or doubled quotes, or they, and no others, hold commas, as spreadsheets write them.
// `whole`: that is all there is.
CsvDialect find_csv_dialect(std::string_view head, char expected, bool whole);

}  // namespace fude
