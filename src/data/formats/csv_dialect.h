// How a file of rows is written: what divides its fields and its lines.
#pragma once

#include <cstddef>
#include <string_view>

namespace fude {

struct CsvDialect {
  char separator = ',';
  char line_end = '\n';  // '\r' where lines end with nothing else
  size_t begin = 0;      // of the first row: behind "sep=;", a line in which spreadsheets name the separator
};

// Looks at the first row. It is of the `expected` separator, unless it has none of that: then of ; or of tabs, if it
// has those (a comma is what files are taken for, and many programs write ; instead).
CsvDialect find_csv_dialect(std::string_view head, char expected);

}  // namespace fude
