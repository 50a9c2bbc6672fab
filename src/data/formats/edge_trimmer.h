// Lines between a header and a footer on their way to documents: blank ones at the edges go.
#pragma once

#include <string>
#include <string_view>

#include "data/document_splitter.h"

namespace fude {

class EdgeTrimmer {
 public:
  EdgeTrimmer(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
      : documents_(options, report, sink) {}

  // A line with its newline, or a part of a long one, which is not `blank`.
  void write(std::string_view line, bool blank) {
    // More than this is no gap but text, if a strange one.
    constexpr size_t kMostHeld = size_t{1} << 16;
    if (blank && (!some_text_ || gap_.size() < kMostHeld)) {
      if (some_text_) gap_ += line;
      return;
    }
    some_text_ = true;
    documents_.write(gap_);
    gap_.clear();
    documents_.write(line);
  }
  // The text is over, and with it the document.
  void end() {
    documents_.end_document();
    gap_.clear();
    some_text_ = false;
  }

 private:
  DocumentSplitter documents_;
  std::string gap_;  // blank lines after some text
  bool some_text_ = false;
};

}  // namespace fude
