#include "data/duplicate_stages.h"

namespace fude {

void DocumentKeys::end_document() {
  finder_.add(hasher_.value128());
  hasher_.reset();
}

void LineKeys::line_part(std::string_view part) {
  hasher_.update(part);
  empty_ = false;
}

void LineKeys::line_end(std::string_view) {
  if (empty_) {
    finder_.skip();
  } else {
    finder_.add(hasher_.value128());
    hasher_.reset();
  }
  empty_ = true;
}

LineDropper::LineDropper(ExternalSort<uint64_t>& numbers, DocumentSink& next)
    : numbers_(numbers), out_(next, PieceWriter::Blank::kNothing), more_(numbers.next(next_dropped_)) {}

void LineDropper::line_part(std::string_view part) {
  if (!more_ || line_ != next_dropped_) out_.append(part);
}

void LineDropper::line_end(std::string_view newline) {
  if (more_ && line_ == next_dropped_) {
    ++dropped_;
    more_ = numbers_.next(next_dropped_);
  } else {
    out_.append(newline);
  }
  ++line_;
}

void LineDropper::document_end() { emptied_documents_ += out_.end_document() ? 0 : 1; }

}  // namespace fude
