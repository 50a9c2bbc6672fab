// Cleaning of a text before anything is learned from it: newlines, byte order marks, Unicode form, line ends.
//
//   fude::CleanReport report;
//   std::string text = fude::clean("one  \r\ntwo\r\n", {}, &report);   // "one\ntwo\n"
//   std::cerr << report.crlf << " Windows line ends\n";                // 2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fude {

struct CleanOptions {
  bool newlines = true;           // CRLF and a lone CR become LF
  bool byte_order_marks = true;   // U+FEFF goes, also inside, where files were joined
  std::string normalize = "nfc";  // nfc | nfkc | none
  bool trim = true;               // white space at the ends of lines goes

  // Every problem at once as a ConfigError.
  void validate() const;
};

// What was changed, summed over all texts cleaned with the same report.
struct CleanReport {
  int64_t crlf = 0;
  int64_t lone_cr = 0;
  int64_t byte_order_marks = 0;
  int64_t normalized_lines = 0;
  int64_t trimmed_lines = 0;
};

// `text` must be valid UTF-8. Cleaning a clean text changes nothing.
std::string clean(std::string_view text, const CleanOptions& options, CleanReport* report = nullptr);

}  // namespace fude
