#include "text_flags.h"

#include "terminal.h"
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

void add_text_flags(Flags& flags, CorpusOptions& options, const char* separator) {
  flags.add(
      "encoding", {}, "NAME", bind(options.encoding),
      "what the files are written in, such as utf-8, shift_jis or windows-1252; auto: each file's own is found out");
  flags.add("invalid", {}, "WORD", bind_choice(options.invalid, {"error", "replace", "skip"}),
            "what undecodable bytes meet: error | replace (by U+FFFD) | skip");
  flags.add("input-format", {}, "FORM", bind_choice(options.format.format, format_names()),
            "of the files: auto (by name and head; what is taken is told) | plain | aozora | gutenberg | markdown | "
            "html | csv | tsv | jsonl; a markdown or html file and a record have at most 64 MiB");
  flags.add(
      "template", {}, "TEXT", bind_escaped(options.format.record_template),
      "document that a record of csv, tsv or jsonl makes: \"{title}\\n\\n{body}\"; {a.b} is field b in a; where a "
      "is a list, that of each object in it, a line for each: \"{messages.role}: {messages.content}\"");
  flags.add("ruby", {}, "WORD", bind_choice(options.format.ruby, {"strip", "keep", "reading"}),
            "readings in aozora, html and markdown: strip | keep | reading (in place of the base)");
  flags.add(separator, {}, "TEXT", bind_escaped(options.format.doc_sep),
            "text that separates documents within a file (\\n and \\t understood); empty: a file is a document");
  flags.add("doc-by", {}, "WORD", bind_doc_by(options.format.blank_lines),
            "where documents of a file end: file (with it) | blank-lines");
}

void say_sources(const CorpusInfo& info) {
  for (const std::string& line : describe_sources(info)) say(line);
  if (const std::string found = describe_found(info); !found.empty()) say(found);
  if (const std::string invalid = describe_invalid(info); !invalid.empty()) say(invalid);
}

}  // namespace fude
