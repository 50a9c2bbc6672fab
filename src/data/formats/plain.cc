#include "data/document_splitter.h"
#include "data/formats/readers.h"

namespace fude {
namespace {

class PlainReader : public FormatReader {
 public:
  PlainReader(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
      : documents_(options, report, sink) {}

  void push(std::string_view utf8) override { documents_.write(utf8); }
  void finish() override { documents_.end_document(); }

 private:
  DocumentSplitter documents_;
};

}  // namespace

std::unique_ptr<FormatReader> make_plain_reader(const FormatOptions& options, FormatReport& report,
                                                DocumentSink& sink) {
  return std::make_unique<PlainReader>(options, report, sink);
}

}  // namespace fude
