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

bool has_outside_quotes(std::string_view text, char byte) {
  return find_outside_quotes(text, std::string_view(&byte, 1)) != std::string_view::npos;
}

// The X of a row that is "sep=X", '\0' for another row.
char named_separator(std::string_view row) {
  if (row.size() >= 2 && row.front() == '"' && row.back() == '"') row = row.substr(1, row.size() - 2);
  constexpr std::string_view kBegin = "sep=";
  const bool names = row.size() == kBegin.size() + 1 && row.starts_with(kBegin) && row.back() != '"';
  return names && (row.back() & 0x80) == 0 ? row.back() : '\0';
}

// What rows divided by tabs say of their quotes.
class TabbedRows {
 public:
  TabbedRows(std::string_view rows, bool whole) : rows_(rows), whole_(whole) {}

  bool have_quotes() {
    while (at_ < rows_.size()) {
      if (rows_[at_] == '"' ? !read_quoted() : !read_plain()) return false;
    }
    return quoted_ > 0 && (doubled_ || !same_count_in_lines() || (with_comma_ == quoted_ && !plain_has_comma_));
  }

 private:
  // To behind its separator. False when something else follows the closing quote, or nothing closes it.
  bool read_quoted() {
    bool has_comma = false;
    for (++at_; at_ < rows_.size(); ++at_) {
      const char c = rows_[at_];
      has_comma = has_comma || c == ',';
      if (c != '"') continue;
      if (rows_.substr(at_ + 1, 1) != "\"") break;
      ++at_;
      doubled_ = true;
    }
    if (at_ == rows_.size()) return !whole_;
    ++quoted_;
    with_comma_ += has_comma ? 1 : 0;
    if (rows_.substr(at_ + 1, 1) == "\r") ++at_;
    at_ += 2;
    return at_ >= rows_.size() || rows_[at_ - 1] == '\t' || rows_[at_ - 1] == '\n';
  }

  bool read_plain() {
    const size_t end = std::min(rows_.find_first_of("\t\n", at_), rows_.size());
    plain_has_comma_ = plain_has_comma_ || rows_.substr(at_, end - at_).find(',') != std::string_view::npos;
    at_ = end + 1;
    return true;
  }

  // Of tabs, were quotes text.
  bool same_count_in_lines() const {
    std::ptrdiff_t expected = -1;
    for (std::string_view rest = rows_; !rest.empty();) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const auto count = std::count(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(end), '\t');
      const bool blank = rest.substr(0, end).find_first_not_of('\r') == std::string_view::npos;
      if (!blank && expected >= 0 && count != expected) return false;
      if (!blank) expected = count;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return true;
  }

  std::string_view rows_;
  bool whole_;
  size_t at_ = 0;
  int quoted_ = 0, with_comma_ = 0;  // fields in quotes; of these
  bool doubled_ = false, plain_has_comma_ = false;
};

bool have_quotes(std::string_view head, const CsvDialect& dialect, bool whole) {
  if (dialect.separator != '\t' || dialect.line_end != '\n') return true;
  head.remove_prefix(dialect.begin);
  if (!whole) head = head.substr(0, head.rfind('\n') + 1);  // but for its last line
  return TabbedRows(head, whole).have_quotes();
}

CsvDialect find_separator(std::string_view head, char expected) {
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
  const auto has = [&](char separator) { return has_outside_quotes(row, separator); };
  if (expected != ',' || has(',')) return dialect;
  // A bar may be text, too: the next row has to have one.
  const std::string_view rest = head.substr(std::min(end + 1, head.size()));
  const size_t begin = std::min(rest.find_first_not_of("\r\n"), rest.size());
  const std::string_view next = rest.substr(begin, find_outside_quotes(rest.substr(begin), "\r\n"));
  if (has('|') && has_outside_quotes(next, '|')) dialect.separator = '|';
  for (const char separator : {';', '\t'})
    if (has(separator)) dialect.separator = separator;
  return dialect;
}

}  // namespace

CsvDialect find_csv_dialect(std::string_view head, char expected, bool whole) {
  CsvDialect dialect = find_separator(head, expected);
  dialect.quotes = have_quotes(head, dialect, whole);
  return dialect;
}

}  // namespace fude
