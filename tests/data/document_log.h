// A sink that keeps the documents it is given and holds every piece to what DocumentSink says of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "fude/data/document_sink.h"
#include "fude/text/unicode.h"

namespace fude {

class DocumentLog : public DocumentSink {
 public:
  void text(std::string_view piece) override {
    EXPECT_FALSE(piece.empty());
    EXPECT_LE(piece.size(), kPieceBytes + 3);
    EXPECT_EQ(find_invalid_utf8(piece), kValidUtf8);
    EXPECT_TRUE(whole_) << "a piece before the last one ends inside a line of fewer than kPieceBytes bytes";
    open_ += piece;
    whole_ = piece.ends_with('\n') || piece.size() + 3 >= kPieceBytes;
  }
  void end_document() override {
    EXPECT_FALSE(open_.empty());
    documents.push_back(open_);
    open_.clear();
    whole_ = true;
  }
  // Nothing is left without an end.
  bool ended() const { return open_.empty(); }

  std::vector<std::string> documents;

 private:
  std::string open_;
  bool whole_ = true;
};

}  // namespace fude
