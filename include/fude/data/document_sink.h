// Documents on their way, piece by piece, so that none has to fit in memory.
//
//   struct Count : fude::DocumentSink {
//     void text(std::string_view piece) override { bytes += piece.size(); }
//     void end_document() override { ++documents; }
//     size_t bytes = 0, documents = 0;
//   };
//   Count count;
//   fude::Corpus({.inputs = {"stories/"}}).visit(count);
#pragma once

#include <cstddef>
#include <string_view>

namespace fude {

// Pieces are about this long, and no longer than this and a character.
inline constexpr size_t kPieceBytes = size_t{1} << 20;

// Takes documents. Stages of the road (formats, cleaning, filters) are sinks that hand on to another one.
class DocumentSink {
 public:
  virtual ~DocumentSink() = default;

  // The next piece of the document: valid UTF-8, not empty, valid during the call only. Pieces end with a newline, but
  // for a document's last one and lines longer than kPieceBytes, which are cut between characters.
  virtual void text(std::string_view piece) = 0;
  // The document is over. Every document has some text.
  virtual void end_document() = 0;
};

}  // namespace fude
