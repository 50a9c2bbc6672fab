#include "data/line_splitter.h"

#include <utility>

#include "fude/text/unicode.h"

namespace fude {

std::string_view LinePart::content() const {
  if (!text.ends_with('\n')) return text;
  return text.substr(0, text.size() - (text.ends_with("\r\n") ? 2 : 1));
}

LineSplitter::LineSplitter(Handler handler, size_t longest) : handler_(std::move(handler)), longest_(longest) {}

void LineSplitter::hand_over(std::string_view text, bool ends) {
  handler_({.text = text, .begins = begins_, .ends = ends});
  begins_ = ends;
}

void LineSplitter::push(std::string_view text) {
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    const bool ends = newline != std::string_view::npos;
    const std::string_view line = text.substr(0, ends ? newline + 1 : text.size());
    text.remove_prefix(line.size());
    if (held_.empty() && ends && line.size() <= longest_) {
      hand_over(line, true);
      continue;
    }
    held_ += line;
    size_t begin = 0;
    while (held_.size() - begin > longest_) {
      const std::string_view part = std::string_view(held_).substr(begin, longest_);
      const size_t size = complete_utf8_prefix(part);
      hand_over(part.substr(0, size), false);
      begin += size;
    }
    if (ends) hand_over(std::string_view(held_).substr(begin), true);
    held_.erase(0, ends ? std::string::npos : begin);
  }
}

void LineSplitter::finish() {
  if (!held_.empty()) hand_over(held_, true);
  held_.clear();
  begins_ = true;
}

void for_each_line(std::string_view text, LineSplitter::Handler handler) {
  LineSplitter lines(std::move(handler));
  lines.push(text);
  lines.finish();
}

bool is_ascii_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace fude
