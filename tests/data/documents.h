// Documents into a stage and out of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "fude/data/document_sink.h"
#include "fude/text/unicode.h"

namespace fude {

// Keeps what it is handed, and holds whoever hands it on to what DocumentSink promises.
struct Documents : DocumentSink {
  std::vector<std::string> all;

  void text(std::string_view piece) override {
    EXPECT_FALSE(piece.empty());
    EXPECT_LE(piece.size(), kPieceBytes + 4);
    EXPECT_EQ(find_invalid_utf8(piece), kValidUtf8);
    EXPECT_TRUE(open_.empty() || open_.ends_with('\n') || last_ > kPieceBytes - 4) << "a line was cut";
    open_ += piece;
    last_ = piece.size();
  }
  void end_document() override {
    EXPECT_FALSE(open_.empty());
    all.push_back(std::move(open_));
    open_.clear();
  }

 private:
  std::string open_;
  size_t last_ = 0;
};

// Hands a stage documents in pieces of so many characters; 0: each in one.
inline void feed(DocumentSink& sink, const std::vector<std::string>& documents, size_t characters = 0) {
  for (std::string_view document : documents) {
    while (!document.empty()) {
      const size_t size = characters == 0 ? document.size() : code_point_offset(document, characters);
      sink.text(document.substr(0, size));
      document.remove_prefix(size);
    }
    sink.end_document();
  }
}

template <class Sorted>
std::vector<uint64_t> numbers_of(Sorted& sorted) {
  std::vector<uint64_t> numbers;
  for (uint64_t number = 0; sorted.next(number);) numbers.push_back(number);
  return numbers;
}

}  // namespace fude
