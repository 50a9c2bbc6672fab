#include "fude/data/clean.h"

#include <algorithm>
#include <utility>

#include "fude/base/error.h"
#include "fude/data/statistics.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string unify_newlines(std::string_view text, CleanReport& report) {
  std::string unified;
  unified.reserve(text.size());
  for (size_t begin = 0; begin < text.size();) {
    const size_t cr = std::min(text.find('\r', begin), text.size());
    unified += text.substr(begin, cr - begin);
    begin = cr + 1;
    if (cr == text.size()) break;
    const bool pair = begin < text.size() && text[begin] == '\n';
    ++(pair ? report.crlf : report.lone_cr);
    if (!pair) unified += '\n';
  }
  return unified;
}

std::string drop_byte_order_marks(std::string_view text, CleanReport& report) {
  std::string rest;
  rest.reserve(text.size());
  while (true) {
    const size_t mark = text.find(kByteOrderMark);
    rest += text.substr(0, mark);
    if (mark == std::string_view::npos) return rest;
    ++report.byte_order_marks;
    text.remove_prefix(mark + kByteOrderMark.size());
  }
}

std::string_view without_trailing_space(std::string_view line) {
  size_t end = 0;
  for (size_t offset = 0; offset < line.size();) {
    if (!is_white_space(next_code_point(line, offset))) end = offset;
  }
  return line.substr(0, end);
}

// Line by line: normalization never reaches across a newline.
std::string clean_lines(std::string_view text, const CleanOptions& options, CleanReport& report) {
  const Normalization form = parse_normalization(options.normalize);
  std::string cleaned;
  cleaned.reserve(text.size());
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    const std::string normal = normalize(line, form);
    report.normalized_lines += normal != line ? 1 : 0;
    const std::string_view kept = options.trim ? without_trailing_space(normal) : std::string_view(normal);
    report.trimmed_lines += kept.size() != normal.size() ? 1 : 0;
    cleaned += kept;
    if (newline == std::string_view::npos) break;
    cleaned += '\n';
    text.remove_prefix(newline + 1);
  }
  return cleaned;
}

}  // namespace

void CleanOptions::validate() const { parse_normalization(normalize); }

std::string clean(std::string_view text, const CleanOptions& options, CleanReport* report) {
  options.validate();
  CleanReport changes;
  std::string cleaned(text);
  if (options.byte_order_marks) cleaned = drop_byte_order_marks(cleaned, changes);
  if (options.newlines) cleaned = unify_newlines(cleaned, changes);
  if (options.trim || options.normalize != "none") cleaned = clean_lines(cleaned, options, changes);
  if (report != nullptr) {
    report->crlf += changes.crlf;
    report->lone_cr += changes.lone_cr;
    report->byte_order_marks += changes.byte_order_marks;
    report->normalized_lines += changes.normalized_lines;
    report->trimmed_lines += changes.trimmed_lines;
  }
  return cleaned;
}

}  // namespace fude
