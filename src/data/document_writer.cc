#include "data/document_writer.h"

#include "fude/text/unicode.h"

namespace fude {

size_t piece_size(std::string_view text) {
  if (text.size() <= kPieceBytes) return text.size();
  const size_t newline = text.rfind('\n', kPieceBytes - 1);
  return newline != std::string_view::npos ? newline + 1 : complete_utf8_prefix(text.substr(0, kPieceBytes));
}

void DocumentWriter::write(std::string_view text) {
  held_ += text;
  size_t begin = 0;
  // The last piece stays: it may be the document's last.
  while (held_.size() - begin > kPieceBytes) {
    const std::string_view rest = std::string_view(held_).substr(begin);
    const size_t size = piece_size(rest);
    sink_->text(rest.substr(0, size));
    handed_on_ = true;
    begin += size;
  }
  held_.erase(0, begin);
}

void DocumentWriter::end_document() {
  if (!held_.empty()) sink_->text(held_);
  if (!held_.empty() || handed_on_) sink_->end_document();
  held_.clear();
  handed_on_ = false;
}

}  // namespace fude
