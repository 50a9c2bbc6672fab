#include "data/document_splitter.h"

#include <algorithm>

#include "fude/text/unicode.h"

namespace fude {
namespace {

bool is_blank(std::string_view line) {
  for (size_t offset = 0; offset < line.size();)
    if (!is_white_space(next_code_point(line, offset))) return false;
  return true;
}

// How many of the last bytes of `text` begin a separator that is not whole yet.
size_t begun_separator(std::string_view text, std::string_view separator) {
  if (separator.empty()) return 0;
  size_t size = std::min(text.size(), separator.size() - 1);
  while (size > 0 && !text.ends_with(separator.substr(0, size))) --size;
  return size;
}

// Empty when no line end is without its "\r".
std::string with_crlf(std::string_view separator) {
  std::string text;
  for (const char c : separator) text += c == '\n' && !text.ends_with('\r') ? "\r\n" : std::string(1, c);
  return text.size() == separator.size() ? "" : text;
}

}  // namespace

DocumentSplitter::DocumentSplitter(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
    : separator_(options.doc_sep),
      separator_crlf_(with_crlf(options.doc_sep)),
      report_(&report),
      blank_lines_(options.blank_lines),
      writer_(sink),
      lines_([this](const LinePart& line) { write_line(line); }) {}

void DocumentSplitter::write(std::string_view text) {
  if (blank_lines_)
    lines_.push(text);
  else if (!separator_.empty())
    write_separated(text);
  else
    writer_.append(text);
}

void DocumentSplitter::write_separated(std::string_view text) {
  std::string joined;
  if (!tail_.empty()) {
    joined = std::move(tail_);
    joined += text;
    text = joined;
  }
  // Where each of the two comes next: a search goes on from there only when what it found has passed.
  constexpr size_t kNone = std::string_view::npos;
  const auto find = [&](const std::string& separator, size_t from) {
    return separator.empty() ? kNone : text.find(separator, from);
  };
  size_t begin = 0, lf = find(separator_, 0), crlf = find(separator_crlf_, 0);
  while (std::min(lf, crlf) != kNone) {
    const bool is_crlf = crlf <= lf;
    const size_t end = is_crlf ? crlf : lf;
    writer_.append(text.substr(begin, end - begin));
    report_->empty_parts += writer_.end_document() ? 0 : 1;
    ++report_->separators;
    begin = end + (is_crlf ? separator_crlf_ : separator_).size();
    if (lf < begin) lf = find(separator_, begin);
    if (crlf < begin) crlf = find(separator_crlf_, begin);
  }
  text.remove_prefix(begin);
  const size_t begun = std::max(begun_separator(text, separator_), begun_separator(text, separator_crlf_));
  writer_.append(text.substr(0, text.size() - begun));
  tail_ = text.substr(text.size() - begun);
}

void DocumentSplitter::write_line(const LinePart& line) {
  if (line.begins && line.ends && is_blank(line.text))
    writer_.end_document();
  else
    writer_.append(line.text);
}

void DocumentSplitter::end_document() {
  lines_.finish();
  writer_.append(tail_);
  tail_.clear();
  writer_.end_document();
}

}  // namespace fude
