// Lines between a header and a footer on their way to documents: blank ones at the edges go.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "data/document_splitter.h"

namespace fude {

class EdgeTrimmer {
 public:
  EdgeTrimmer(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
      : documents_(options, report, sink), separator_(options.doc_sep) {
    separator_.erase(separator_.find_last_not_of('\n') + 1);
    separator_.erase(0, std::min(separator_.find_first_not_of('\n'), separator_.size()));
  }

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
  // Whether `line`, without its end, is a separator of documents. One that stands in a header or footer ends that, too.
  bool separates(std::string_view line) const { return !separator_.empty() && line == separator_; }
  // The text is over, and with it the document.
  void end() {
    documents_.end_document();
    gap_.clear();
    some_text_ = false;
  }

 private:
  DocumentSplitter documents_;
  std::string separator_;  // without line ends at its edges
  std::string gap_;        // blank lines after some text
  bool some_text_ = false;
};

}  // namespace fude
