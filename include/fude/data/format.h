// What form the user's text comes in, and what is left of it as documents.
//
//   fude::FormatOptions options;
//   options.format = "csv";
//   options.record_template = "{title}\n\n{body}";   // a row is a document
//
//   const auto [format, reason] = fude::detect_format("story.txt", head);   // "aozora", "it opens with ..."
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fude {

// What must be whole in memory to be read - a record, a Markdown or HTML file - has at most this many bytes.
inline constexpr size_t kLargestRecord = size_t{64} << 20;

// The values of FormatOptions::format, auto first.
std::vector<std::string> format_names();

struct FormatOptions {
  // auto: each file by its name and head (detect_format); or one for all: plain | aozora | gutenberg | markdown | html
  // | csv | tsv | jsonl.
  std::string format = "auto";
  // The document that a record (a row, a line of JSON) makes: "{title}\n\n{body}". {a.b} is field b of the object in
  // field a. Where field a is a list of objects, it is that of each, a line for each, and fields of the same list that
  // follow each other, or stand in a line, go together: "{messages.role}: {messages.content}". {{ and }} are braces.
  // Numbers come as they are written. Empty: records of a single field are that field, others an error.
  std::string record_template = {};
  // What becomes of ruby (readings beside the text, of Aozora Bunko and HTML): strip | keep (as base《reading》) |
  // reading (in place of the base).
  std::string ruby = "strip";
  // Text that separates documents within a file, removed from them ("\n" makes each line one); empty: none. Records are
  // documents, whatever this and blank_lines say.
  std::string doc_sep = {};
  // Blank lines separate documents, and are removed.
  bool blank_lines = false;

  // Every problem at once as a ConfigError.
  void validate() const;
};

// What was taken out or changed, summed over all files read with the same report.
struct FormatReport {
  int64_t records = 0;          // that became documents
  int64_t empty_records = 0;    // that had no text and were left out
  int64_t lacking_records = 0;  // of JSON, or an object in them, without a field of the template: taken for empty
  int64_t heading_rows = 0;     // that named the only column, which no template asks for
  int64_t headers = 0;          // title and legend of Aozora Bunko, licence of Project Gutenberg
  int64_t footers = 0;          // colophon or licence
  int64_t behind_footers = 0;   // texts behind one: a reader's own, or a work without a header
  int64_t front_matter = 0;     // blocks of metadata before Markdown
  int64_t ruby = 0;             // readings found, whatever became of them
  int64_t ruby_kept = 0;        // of these, kept beside their base
  int64_t ruby_in_place = 0;    // of these, in place of their base
  int64_t notes = 0;            // ［＃...］ taken out
  int64_t gaiji = 0;            // notes that describe a character, replaced by it
  int64_t unknown_gaiji = 0;    // the same, but nothing tells the character: 〓
  int64_t accents = 0;          // 〔e'〕 written as é
  int64_t repeat_marks = 0;     // ／＼ written as 〳〵
  int64_t elements = 0;         // scripts, titles, menus and the like, with what is in them
  int64_t open_elements = 0;    // scripts and styles without an end, and all behind them
  int64_t comments = 0;         // of HTML
  int64_t images = 0;
  int64_t tags = 0;              // HTML tags inside lines of Markdown
  int64_t unknown_tags = 0;      // of no known name, in HTML: <ann@example.org>
  int64_t link_definitions = 0;  // of Markdown, that links use
  int64_t open_notes = 0;        // ［＃ without its ］ in the line: left as they are
  int64_t empty_parts = 0;       // nothing between two separators: no document
  int64_t cr_line_ends = 0;      // of a file that has no others, read as "\n"

  // Not among the counts, as they are told elsewhere.
  int64_t separators = 0;       // FormatOptions::doc_sep found
  int64_t lone_surrogates = 0;  // halves of characters in JSON (\ud83d) that were replaced or left out

  // The counts that are not zero, each with a key that stays the same from version to version: "front_matter".
  std::vector<std::pair<std::string_view, int64_t>> counts() const;
  // The same for people: "1 header removed", "3,042 ruby readings removed".
  std::vector<std::string> described() const;
};

struct DetectedFormat {
  std::string format;
  std::string reason;  // "its name ends in .csv"; empty for plain that is expected
};
// What "auto" takes for a file with this name, of which `head` are the first bytes, in UTF-8 (64 KiB are plenty). Only
// what is certain: otherwise plain. Endings of compression (.gz .zst) do not count.
DetectedFormat detect_format(std::string_view file_name, std::string_view head);

}  // namespace fude
