// Cleaning of a text before anything is learned from it: line ends, byte order marks, control characters, Unicode form,
// white space.
//
//   fude::CleanReport report;
//   std::string text = fude::clean("one  \r\ntwo\r\n", {}, &report);   // "one\ntwo\n"
//   std::cerr << report.crlf << " Windows line ends\n";                // 2
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fude/data/document_sink.h"

namespace fude {

// The steps are taken in this order.
struct CleanOptions {
  bool newlines = true;          // CRLF, a lone CR, VT, FF, U+0085, U+2028 and U+2029 become LF
  bool byte_order_marks = true;  // U+FEFF goes, also inside, where files were joined
  // keep | remove: control characters but tab and newline (U+0000 to U+001F, U+007F to U+009F), and what steers
  // a terminal: after ESC all of "[31m", "(B" and "]8;;http://a.b" with its end in the same line. The line ends above
  // are no control characters, also without `newlines`.
  std::string controls = "remove";
  // keep | remove: characters that only say where a line may break or which way text runs: soft hyphen, zero-width
  // space, word joiner, direction marks. Joiners (U+200C, U+200D) stay: they change how letters and emoji look.
  std::string invisible = "keep";
  std::string normalize = "nfc";  // nfc | nfkc | none
  // keep | collapse: a run of white space within a line becomes one space, or stays one of its kind when all are alike.
  std::string spaces = "keep";
  bool trim = true;      // white space at the ends of lines goes; of a run of more than 1 MiB only what is beyond
  int blank_lines = -1;  // so many empty lines on end at most; -1: off

  // Every problem at once as a ConfigError.
  void validate() const;
};

// What was changed, summed over all texts cleaned with the same report.
struct CleanReport {
  int64_t crlf = 0;
  int64_t lone_cr = 0;
  int64_t other_breaks = 0;  // VT, FF, U+0085, U+2028, U+2029
  int64_t byte_order_marks = 0;
  int64_t controls = 0;
  int64_t terminal_sequences = 0;  // of these some, with what follows them: colours, titles, links
  int64_t invisible = 0;
  int64_t normalized_lines = 0;
  int64_t collapsed_spaces = 0;  // runs
  int64_t trimmed_lines = 0;
  int64_t blank_lines = 0;      // that went
  int64_t empty_documents = 0;  // had text, and none was left of it
};

// Cleans documents as they pass, however long they or their lines are, within some MiB. A document of which nothing is
// left is not handed on.
class Cleaner : public DocumentSink {
 public:
  // `options` are valid; `next` must outlive the cleaner.
  Cleaner(const CleanOptions& options, DocumentSink& next);
  ~Cleaner() override;
  void text(std::string_view piece) override;
  void end_document() override;

  const CleanReport& report() const { return report_; }

 private:
  struct Stages;
  CleanReport report_;
  std::unique_ptr<Stages> stages_;
};

// A text at once. `text` must be valid UTF-8. Cleaning a clean text changes nothing.
std::string clean(std::string_view text, const CleanOptions& options, CleanReport* report = nullptr);

}  // namespace fude
