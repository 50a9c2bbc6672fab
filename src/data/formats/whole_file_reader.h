// A reader for forms whose parser wants the whole file, up to a limit.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "data/document_splitter.h"
#include "data/format_reader.h"
#include "fude/base/error.h"

namespace fude {

class WholeFileReader : public FormatReader {
 public:
  using Reduce = std::function<std::string(std::string_view file)>;

  // `reduce` gives a file's text.
  WholeFileReader(const FormatOptions& options, std::string file_name, FormatReport& report, DocumentSink& sink,
                  Reduce reduce)
      : file_name_(std::move(file_name)), documents_(options, report, sink), reduce_(std::move(reduce)) {}

  void push(std::string_view utf8) override {
    if (file_.size() + utf8.size() > kLargestRecord) {
      throw FormatError(file_name_ + ": more than " + std::to_string(kLargestRecord >> 20) + " MiB of markup",
                        "it is read as a whole: divide the file, or take it with its markup, --input-format plain");
    }
    file_ += utf8;
  }

  void finish() override {
    documents_.write(reduce_(std::exchange(file_, {})));
    documents_.end_document();
  }

 private:
  std::string file_name_;
  DocumentSplitter documents_;
  Reduce reduce_;
  std::string file_;
};

}  // namespace fude
