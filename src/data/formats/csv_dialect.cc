#include "data/formats/csv_dialect.h"

#include <algorithm>

namespace fude {
namespace {

// The first byte outside of quotes that is one of `bytes`.
size_t find_outside_quotes(std::string_view text, std::string_view bytes) {
  bool quoted = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && bytes.find(text[at]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

}  // namespace

CsvDialect find_csv_dialect(std::string_view head, char expected) {
  const size_t end = std::min(find_outside_quotes(head, "\r\n"), head.size());
  CsvDialect dialect{expected};
  // Carriage returns alone end lines only where the file's start has no other line end.
  if (head.substr(end, 1) == "\r" && head.find('\n') == std::string_view::npos) dialect.line_end = '\r';
  const std::string_view row = head.substr(0, end);
  const auto has = [&](char separator) {
    return find_outside_quotes(row, std::string_view(&separator, 1)) != std::string_view::npos;
  };
  if (expected != ',' || has(',')) return dialect;
  if (has(';')) dialect.separator = ';';
  if (has('\t')) dialect.separator = '\t';
  return dialect;
}

}  // namespace fude
