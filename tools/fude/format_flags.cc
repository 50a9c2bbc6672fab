#include "format_flags.h"

#include "usage_error.h"

namespace fude {
namespace {

Binding bind_doc_by(bool& blank_lines) {
  const auto set = [&blank_lines](const std::string& text) {
    if (text != "file" && text != "blank-lines") throw UsageError("expected file or blank-lines, got " + text);
    blank_lines = text == "blank-lines";
  };
  return {.set = set, .get = [&blank_lines] { return std::string(blank_lines ? "blank-lines" : "file"); }};
}

}  // namespace

void add_format_flags(Flags& flags, FormatOptions& options) {
  flags.add("format", {}, "FORM", bind_choice(options.format, format_names()),
            "of the files: auto (by name and head; what is taken is shown) | plain | aozora | gutenberg | markdown | "
            "html | csv | tsv | jsonl");
  flags.add("template", {}, "TEXT", bind_escaped(options.record_template),
            "document that a record of csv, tsv or jsonl makes: \"{title}\\n\\n{body}\"");
  flags.add("ruby", {}, "WORD", bind_choice(options.ruby, {"strip", "keep", "reading"}),
            "readings in aozora and html: strip | keep | reading (in place of the base)");
  flags.add("doc-sep", {}, "TEXT", bind_escaped(options.doc_sep),
            "text between documents of a file (\\n and \\t understood); empty: none");
  flags.add("doc-by", {}, "WORD", bind_doc_by(options.blank_lines),
            "where documents of a file end: file (with it) | blank-lines");
}

}  // namespace fude
