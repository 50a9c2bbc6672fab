// A stage that looks at lines: documents come as parts of lines and ends of lines.
#pragma once

#include <string_view>

#include "fude/data/document_sink.h"

namespace fude {

// A line is what stands before a newline, or at a document's end without one. It may be longer than memory, so it comes
// in parts, none of them empty; an empty line has none.
class LineStage : public DocumentSink {
 public:
  void text(std::string_view piece) final {
    while (!piece.empty()) {
      const size_t newline = piece.find('\n');
      if (newline != 0) {
        in_line_ = true;
        line_part(piece.substr(0, newline));
      }
      if (newline == std::string_view::npos) return;
      in_line_ = false;
      line_end("\n");
      piece.remove_prefix(newline + 1);
    }
  }
  void end_document() final {
    if (in_line_) line_end("");
    in_line_ = false;
    document_end();
  }

 protected:
  virtual void line_part(std::string_view part) = 0;
  // The line is over, with or without a newline.
  virtual void line_end(std::string_view newline) = 0;
  virtual void document_end() = 0;

 private:
  bool in_line_ = false;
};

}  // namespace fude
