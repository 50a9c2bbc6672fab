#include "data/format_reader.h"

#include "data/formats/readers.h"
#include "fude/base/error.h"

namespace fude {

std::unique_ptr<FormatReader> make_format_reader(const std::string& format, const FormatOptions& options,
                                                 const std::string& file_name, FormatReport& report, DocumentSink& sink,
                                                 OnInvalid on_invalid) {
  if (format == "plain") return make_plain_reader(options, report, sink);
  if (format == "aozora") return make_aozora_reader(options, report, sink);
  if (format == "gutenberg") return make_gutenberg_reader(options, report, sink);
  if (format == "markdown") return make_markdown_reader(options, file_name, report, sink);
  if (format == "html") return make_html_reader(options, file_name, report, sink);
  if (format == "csv") return make_delimited_reader(',', options, file_name, report, sink);
  if (format == "tsv") return make_delimited_reader('\t', options, file_name, report, sink);
  if (format == "jsonl") return make_jsonl_reader(options, file_name, report, sink, on_invalid);
  throw ConfigError("no reader for the format \"" + format + "\"", "auto is settled by detect_format before");
}

}  // namespace fude
