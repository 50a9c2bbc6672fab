#include "data/document_splitter.h"

#include <algorithm>

#include "data/white_space.h"
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
  size_t size = std::min(text.size(), separator.size() - 1);
  while (size > 0 && !text.ends_with(separator.substr(0, size))) --size;
  return size;
}

}  // namespace

DocumentSplitter::DocumentSplitter(const FormatOptions& options, DocumentSink& sink)
    : separator_(options.doc_sep),
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
  for (size_t end = text.find(separator_); end != std::string_view::npos; end = text.find(separator_)) {
    writer_.append(text.substr(0, end));
    writer_.end_document();
    text.remove_prefix(end + separator_.size());
  }
  const size_t begun = begun_separator(text, separator_);
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
