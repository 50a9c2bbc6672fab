// A file's text read by a format's reader, pushed whole or cut at random.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/document_log.h"
#include "data/format_reader.h"
#include "data/reading.h"

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

inline Reading read_cut(const std::string& format, std::string_view text, const FormatOptions& options, size_t longest,
                        std::mt19937& random) {
  DocumentLog log;
  return read_with(format, options, log, [&](FormatReader& reader) { push_cut(reader, text, longest, random); });
}

// However the text is cut, all is the same.
inline void expect_cuts_do_not_matter(const std::string& format, std::string_view text, const FormatOptions& options,
                                      unsigned tries = 30) {
  std::mt19937 random(1);
  const Reading whole = read_cut(format, text, options, 0, random);
  for (unsigned longest = 1; longest <= tries; ++longest)
    ASSERT_TRUE(read_cut(format, text, options, longest, random) == whole)
        << format << ", pieces of up to " << longest << " bytes of:\n"
        << text;
}

}  // namespace fude
