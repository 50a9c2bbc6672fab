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

// The X of a row that is "sep=X", '\0' for another row.
char named_separator(std::string_view row) {
  if (row.size() >= 2 && row.front() == '"' && row.back() == '"') row = row.substr(1, row.size() - 2);
  constexpr std::string_view kBegin = "sep=";
  const bool names = row.size() == kBegin.size() + 1 && row.starts_with(kBegin) && row.back() != '"';
  return names && (row.back() & 0x80) == 0 ? row.back() : '\0';
}

}  // namespace

CsvDialect find_csv_dialect(std::string_view head, char expected) {
  CsvDialect dialect{expected};
  const size_t end = std::min(find_outside_quotes(head, "\r\n"), head.size());
  // Carriage returns alone end lines only where the file's start has no other line end.
  if (head.substr(end, 1) == "\r" && head.find('\n') == std::string_view::npos) dialect.line_end = '\r';
  const std::string_view row = head.substr(0, end);
  if (const char named = named_separator(row); named != '\0') {
    dialect.separator = named;
    dialect.begin = std::min(end + (head.substr(end, 2) == "\r\n" ? 2 : 1), head.size());
    return dialect;
  }
  const auto has = [&](char separator) {
    return find_outside_quotes(row, std::string_view(&separator, 1)) != std::string_view::npos;
  };
  if (expected != ',' || has(',')) return dialect;
  if (has(';')) dialect.separator = ';';
  if (has('\t')) dialect.separator = '\t';
  return dialect;
}

}  // namespace fude
