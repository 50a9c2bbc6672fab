#include "data/piece_writer.h"

#include <algorithm>

#include "fude/text/unicode.h"

namespace fude {

size_t first_piece(std::string_view text) {
  const std::string_view piece = text.substr(0, kPieceBytes);
  const size_t newline = piece.rfind('\n');
  return newline != std::string_view::npos ? newline + 1 : std::max<size_t>(1, complete_utf8_prefix(piece));
}

void PieceWriter::append(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() < kPieceBytes) return;
  std::string_view rest = buffer_;
  while (rest.size() >= kPieceBytes) {
    const size_t size = first_piece(rest);
    next_->text(rest.substr(0, size));
    any_ = true;
    rest.remove_prefix(size);
  }
  buffer_.erase(0, buffer_.size() - rest.size());
}

bool PieceWriter::end_document() {
  const bool blank = blank_ == Blank::kNothing && buffer_.find_first_not_of('\n') == std::string::npos;
  const bool any = any_ || !(buffer_.empty() || blank);
  if (any && !buffer_.empty()) next_->text(buffer_);
  buffer_.clear();
  any_ = false;
  if (any) next_->end_document();
  return any;
}

void hand_on(std::string_view text, DocumentSink& sink) {
  if (text.empty()) return;
  while (text.size() > kPieceBytes) {
    const size_t size = first_piece(text);
    sink.text(text.substr(0, size));
    text.remove_prefix(size);
  }
  if (!text.empty()) sink.text(text);
  sink.end_document();
}

}  // namespace fude
