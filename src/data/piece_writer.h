// Gathers what a stage writes and hands it on in the pieces that DocumentSink promises.
#pragma once

#include <string>
#include <string_view>

#include "fude/data/document_sink.h"

namespace fude {

class PieceWriter {
 public:
  // What a document of nothing but newlines is.
  enum class Blank { kText, kNothing };

  // `next` must outlive the writer.
  explicit PieceWriter(DocumentSink& next, Blank blank = Blank::kText) : next_(&next), blank_(blank) {}

  // Whole characters, in any portions.
  void append(std::string_view text);
  // False: the document had no text, so `next` never hears of it.
  bool end_document();

 private:
  DocumentSink* next_;
  Blank blank_;
  std::string buffer_;
  bool any_ = false;  // handed on
};

// The length of the first piece of `text`, which is not empty and goes on behind it.
size_t first_piece(std::string_view text);

// Hands `text` on as one document; an empty one is none.
void hand_on(std::string_view text, DocumentSink& sink);

}  // namespace fude
