// Text that comes in any pieces, handed on in the pieces that a DocumentSink takes.
#pragma once

#include <string>
#include <string_view>

#include "fude/data/document_sink.h"

namespace fude {

// The length of the first piece of a document of which `text` is the rest.
size_t piece_size(std::string_view text);

class DocumentWriter {
 public:
  // `sink` must outlive the writer.
  explicit DocumentWriter(DocumentSink& sink) : sink_(&sink) {}

  // `text` is valid UTF-8 and may be empty.
  void write(std::string_view text);
  // Does nothing when nothing was written since the last end.
  void end_document();

 private:
  DocumentSink* sink_;
  std::string held_;
  bool handed_on_ = false;  // some of the document is with the sink already
};

}  // namespace fude
