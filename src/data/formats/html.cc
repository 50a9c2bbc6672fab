#include "data/formats/html_text.h"
#include "data/formats/readers.h"
#include "data/formats/whole_file_reader.h"

namespace fude {

std::unique_ptr<FormatReader> make_html_reader(const FormatOptions& options, const std::string& file_name,
                                               FormatReport& report, DocumentSink& sink) {
  return std::make_unique<WholeFileReader>(options, file_name, report, sink,
                                           [ruby = options.ruby, file_name, &report](std::string_view file) {
                                             TextFlow flow;
                                             append_html(file, ruby, file_name, report, flow);
                                             return flow.take();
                                           });
}

}  // namespace fude
