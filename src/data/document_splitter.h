// Where documents end inside a file's text: at separators, at blank lines, or with the file.
#pragma once

#include <string>
#include <string_view>

#include "data/line_splitter.h"
#include "data/piece_writer.h"
#include "fude/data/format.h"

namespace fude {

class DocumentSplitter {
 public:
  // `report` (of which it counts separators) and `sink` must outlive the splitter. Of `options` it takes doc_sep, whose
  // "\n" stands for "\r\n", too, and blank_lines.
  DocumentSplitter(const FormatOptions& options, FormatReport& report, DocumentSink& sink);
  DocumentSplitter(const DocumentSplitter&) = delete;
  DocumentSplitter& operator=(const DocumentSplitter&) = delete;

  // Text in any pieces, each valid UTF-8.
  void write(std::string_view text);
  // The document is over whatever was written: the file or the book in it ends here.
  void end_document();

 private:
  void write_separated(std::string_view text);
  void write_line(const LinePart& line);

  std::string separator_;
  std::string separator_crlf_;  // the same where lines end with "\r\n"; empty: it holds no line end
  FormatReport* report_;
  bool blank_lines_;
  PieceWriter writer_;
  std::string tail_;  // may be the beginning of a separator
  LineSplitter lines_;
};

}  // namespace fude
