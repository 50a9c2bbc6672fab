// A file of one form read into documents, whole and in pieces, with what a reader promises held against it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/format_reader.h"
#include "data/reading.h"
#include "fude/text/unicode.h"
#include "fuzz/fuzz.h"

namespace fude {

class FuzzDocuments : public DocumentSink {
 public:
  void text(std::string_view piece) override {
    expect(!piece.empty() && piece.size() <= kPieceBytes + 3, "pieces have some text, and not too much");
    expect(find_invalid_utf8(piece) == kValidUtf8, "pieces are UTF-8");
    open_ += piece;
  }
  void end_document() override {
    expect(!open_.empty(), "a document has some text");
    documents.push_back(std::move(open_));
    open_.clear();
  }
  bool ended() const { return open_.empty(); }

  std::vector<std::string> documents;

 private:
  std::string open_;
};

// In pieces of `portion` bytes and what belongs to their last character; 0: whole.
inline Reading read_in_portions(const std::string& format, std::string_view text, const FormatOptions& options,
                                size_t portion) {
  FuzzDocuments sink;
  const Reading reading = read_with(format, options, sink, [&](FormatReader& reader) {
    while (!text.empty()) {
      size_t size = portion == 0 ? text.size() : std::min(portion, text.size());
      while (size < text.size() && (text[size] & 0xC0) == 0x80) ++size;
      reader.push(text.substr(0, size));
      text.remove_prefix(size);
    }
  });
  expect(!reading.error.empty() || sink.ended(), "the last document ends");
  return reading;
}

inline void fuzz_format(const std::string& format, std::string_view bytes, const FormatOptions& options,
                        size_t portion) {
  options.validate();
  const std::string text = replace_invalid_utf8(bytes);
  const Reading whole = read_in_portions(format, text, options, 0);
  expect(read_in_portions(format, text, options, portion) == whole, "it does not matter where a file is cut");
}

}  // namespace fude
