// The reader of each form, as make_format_reader chooses among them.
#pragma once

#include <memory>
#include <string>

#include "data/format_reader.h"

namespace fude {

// Text as it is.
std::unique_ptr<FormatReader> make_plain_reader(const FormatOptions& options, FormatReport& report, DocumentSink& sink);
// Aozora Bunko: ruby, notes, gaiji, header and colophon. Lines end with LF.
std::unique_ptr<FormatReader> make_aozora_reader(const FormatOptions& options, FormatReport& report,
                                                 DocumentSink& sink);
// What stands between header and footer of Project Gutenberg; blank lines at its edges go.
std::unique_ptr<FormatReader> make_gutenberg_reader(const FormatOptions& options, FormatReport& report,
                                                    DocumentSink& sink);
// Whether a line of `head` is the mark that a book of Project Gutenberg begins behind.
bool has_gutenberg_mark(std::string_view head);
// Both reduced to text: a line for each heading, paragraph, list item and table row, a blank line between blocks; code
// as it is. FormatError for more than kLargestRecord bytes.
std::unique_ptr<FormatReader> make_markdown_reader(const FormatOptions& options, const std::string& file_name,
                                                   FormatReport& report, DocumentSink& sink);
std::unique_ptr<FormatReader> make_html_reader(const FormatOptions& options, const std::string& file_name,
                                               FormatReport& report, DocumentSink& sink);
// RFC 4180 with `separator` between fields; the first row names them.
std::unique_ptr<FormatReader> make_delimited_reader(char separator, const FormatOptions& options,
                                                    const std::string& file_name, FormatReport& report,
                                                    DocumentSink& sink);
// A JSON value a line; blank lines are left out. `on_invalid` is for halves of characters.
std::unique_ptr<FormatReader> make_jsonl_reader(const FormatOptions& options, const std::string& file_name,
                                                FormatReport& report, DocumentSink& sink, OnInvalid on_invalid);

}  // namespace fude
