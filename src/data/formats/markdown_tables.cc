#include "data/formats/markdown_tables.h"

#include <algorithm>

namespace fude {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view without_blanks_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// A line without the marks of quotes and of an item before it.
std::string_view content_of(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t>"), line.size()));
  const size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  const std::string_view mark = line.substr(digits, 2);
  const bool is_item = mark.size() == 2 && mark[1] == ' ' &&
                       std::string_view(digits > 0 ? ".)" : "-+*").find(mark[0]) != std::string_view::npos;
  return without_blanks_before(line.substr(is_item ? digits + 2 : 0));
}

// Of a block of code; ```code``` in a line is none.
bool is_fence(std::string_view content) {
  return content.starts_with("~~~") ||
         (content.starts_with("```") && content.find('`', content.find_first_not_of('`')) == std::string_view::npos);
}

bool is_indented_code(std::string_view line) { return line.starts_with("    ") || line.starts_with('\t'); }

// The cells of a line like |:--|--:|, which makes a table of the row before it; none: it is no such line.
std::vector<std::string_view> heading_rule(std::string_view line) {
  line = content_of(line);
  line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
  if (line.find('|') == std::string_view::npos) return {};
  if (line.starts_with('|')) line = without_blanks_before(line.substr(1));
  std::vector<std::string_view> cells;
  while (!line.empty()) {
    const size_t end = std::min(line.find_first_of("| \t"), line.size());
    const std::string_view cell = line.substr(0, end);
    const size_t begin = cell.starts_with(':') ? 1 : 0;
    const size_t dashes = std::min(cell.find_first_not_of('-', begin), cell.size());
    const std::string_view rest = cell.substr(dashes);
    if (dashes == begin || !(rest.empty() || rest == ":")) return {};
    cells.push_back(cell);
    line = without_blanks_before(line.substr(end));
    if (line.empty()) break;
    if (line.front() != '|') return {};
    line = without_blanks_before(line.substr(1));
  }
  return cells;
}

// The end of the code that the backticks at `at` begin, or of the backticks.
size_t code_end(std::string_view line, size_t at) {
  const size_t content = std::min(line.find_first_not_of('`', at), line.size());
  for (size_t end = content; (end = line.find('`', end)) != std::string_view::npos;) {
    const size_t behind = std::min(line.find_first_not_of('`', end), line.size());
    if (behind - end == content - at) return behind;
    end = behind;
  }
  return content;
}

// The bars between the cells of a row; those at its edges and before cells without text are none.
std::vector<size_t> bars_of(std::string_view row) {
  const size_t end = row.find_last_not_of(" \t\r|") + 1;
  std::vector<size_t> bars;
  for (size_t at = row.starts_with('|') ? 1 : 0; at < end;) {
    if (row[at] == '`') {
      at = code_end(row, at);
      continue;
    }
    if (row[at] == '|') bars.push_back(at);
    at += row[at] == '\\' ? 2 : 1;
  }
  return bars;
}

class TableFinder {
 public:
  TableFinder(std::string_view file, const std::vector<MarkdownSign>& spans) : file_(file), spans_(spans) {}

  // Where it is not certain that one table has ended and the next has begun, their rows have as few columns as either:
  // more would lose text.
  std::vector<MarkdownSign> find() {
    std::string_view before;  // the line before, which the next one may make a heading
    size_t columns = 0;       // of the table that it is in
    bool takes_before = false, in_code = false;
    const auto take = [&](std::string_view line, bool is_row) {
      if (takes_before && columns > 0) take_row(before, columns);
      before = line;
      takes_before = is_row;
    };
    std::string_view above;  // the line before `before`
    for (size_t begin = 0; begin < file_.size();) {
      const std::string_view line = file_.substr(begin, file_.find('\n', begin) - begin);
      const std::string_view content = content_of(line);
      const bool fence = is_fence(content);
      std::vector<std::string_view> rule;
      if (before.find('|') != std::string_view::npos) rule = heading_rule(line);
      const bool begins_table = !rule.empty() && columns == 0;
      if (begins_table && !in_code && !content_of(above).empty() && !is_indented_code(before))
        signs_.push_back({place(before), '\n'});  // behind a paragraph
      if (!rule.empty()) columns = columns > 0 ? std::min(columns, rule.size()) : rule.size();
      above = before;
      take(line, rule.empty());
      for (const std::string_view cell : rule) lengthen(cell);
      if (columns > 0 && !in_code && (fence || content.starts_with('#'))) {
        signs_.push_back({begin, '\n'});
        columns = 0;
      }
      if (content.empty() || (fence && in_code)) columns = 0;
      in_code = in_code != fence;
      begin += line.size() + 1;
    }
    take({}, false);
    return std::move(signs_);
  }

 private:
  size_t place(std::string_view part) const { return static_cast<size_t>(part.data() - file_.data()); }

  void take_row(std::string_view line, size_t columns) {
    // Marks so far in may be text of a row, and then its first bar divides cells.
    const std::string_view row = is_indented_code(line) ? without_blanks_before(line) : content_of(line);
    std::vector<size_t> bars = bars_of(row);
    std::erase_if(bars, [&](size_t bar) {
      return std::binary_search(spans_.begin(), spans_.end(), MarkdownSign{place(row) + bar, '\\'});
    });
    for (size_t k = columns - 1; k < bars.size(); ++k) signs_.push_back({place(row) + bars[k], '\\'});
  }

  // The parser wants three characters.
  void lengthen(std::string_view cell) {
    const size_t dash = place(cell) + (cell.starts_with(':') ? 1 : 0);
    for (size_t size = cell.size(); size < 3; ++size) signs_.push_back({dash, '-'});
  }

  std::string_view file_;
  const std::vector<MarkdownSign>& spans_;
  std::vector<MarkdownSign> signs_;
};

}  // namespace

std::vector<MarkdownSign> signs_for_tables(std::string_view file, const std::vector<MarkdownSign>& spans) {
  return TableFinder(file, spans).find();
}

}  // namespace fude
