// What a format's reader makes of a text, to be compared however the text was pushed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/format_reader.h"
#include "fude/base/error.h"

namespace fude {

struct Reading {
  std::vector<std::string> documents;
  std::vector<std::pair<std::string_view, int64_t>> counts;
  std::string error;
  bool operator==(const Reading&) const = default;
};

// push(reader) hands over the text; what comes goes through `sink`, which keeps it in `documents`.
template <class Sink, class Push>
Reading read_with(const std::string& format, const FormatOptions& options, Sink& sink, const Push& push) {
  Reading reading;
  FormatReport report;
  try {
    const auto reader = make_format_reader(format, options, "file", report, sink);
    push(*reader);
    reader->finish();
  } catch (const Error& error) {
    reading.error = error.what();
  }
  reading.documents = sink.documents;
  reading.counts = report.counts();
  return reading;
}

}  // namespace fude
