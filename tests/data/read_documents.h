// A file's text read by a format's reader, pushed whole or cut at random.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "data/document_log.h"
#include "data/format_reader.h"

namespace fude {

// Pushes `text` in pieces of at most `longest` bytes, cut between characters; 0: whole.
inline void push_cut(FormatReader& reader, std::string_view text, size_t longest, std::mt19937& random) {
  while (!text.empty()) {
    size_t size = longest == 0 ? text.size() : std::min<size_t>(1 + random() % longest, text.size());
    while (size < text.size() && (text[size] & 0xC0) == 0x80) ++size;
    reader.push(text.substr(0, size));
    text.remove_prefix(size);
  }
}

inline std::vector<std::string> read_documents(const std::string& format, std::string_view text,
                                               const FormatOptions& options = {}, FormatReport* report = nullptr) {
  FormatReport own;
  DocumentLog log;
  std::mt19937 random;
  const auto reader = make_format_reader(format, options, "file", report != nullptr ? *report : own, log);
  push_cut(*reader, text, 0, random);
  reader->finish();
  EXPECT_TRUE(log.ended());
  return log.documents;
}

// The same documents and counts, however the text is cut.
inline void expect_cuts_do_not_matter(const std::string& format, std::string_view text, const FormatOptions& options) {
  FormatReport whole_report;
  const std::vector<std::string> whole = read_documents(format, text, options, &whole_report);
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    FormatReport report;
    DocumentLog log;
    const auto reader = make_format_reader(format, options, "file", report, log);
    push_cut(*reader, text, seed % 3 == 0 ? 1 : seed, random);
    reader->finish();
    ASSERT_EQ(log.documents, whole) << format << ", seed " << seed;
    ASSERT_EQ(report.counts(), whole_report.counts()) << format << ", seed " << seed;
  }
}

}  // namespace fude
