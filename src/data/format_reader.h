// Files of one form read into documents: UTF-8 pieces in, documents out.
//
//   auto reader = make_format_reader("aozora", options, "story.txt", report, sink);
//   while (read_some(piece)) reader->push(piece);
//   reader->finish();
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "fude/data/document_sink.h"
#include "fude/data/format.h"
#include "fude/text/encoding.h"

namespace fude {

class FormatReader {
 public:
  virtual ~FormatReader() = default;

  // The next bytes of the file: valid UTF-8 without a byte order mark at the file's start. Wherever a file is cut
  // between characters, the documents are the same.
  virtual void push(std::string_view utf8) = 0;
  // The file is over, and with it its last document. Nothing may be pushed after it.
  virtual void finish() = 0;
};

// `format` is one of FormatOptions::format, but auto; ConfigError for another. `file_name` is for errors, which name
// it: FormatError (with the line) for what is not of the format, DataError for records and a template that do not fit.
// `report` and `sink` must outlive the reader. `on_invalid` is what half of a character meets that JSON writes as an
// escape (\ud83d); other bytes that are no text have met it before.
std::unique_ptr<FormatReader> make_format_reader(const std::string& format, const FormatOptions& options,
                                                 const std::string& file_name, FormatReport& report, DocumentSink& sink,
                                                 OnInvalid on_invalid = OnInvalid::kError);

}  // namespace fude
