// Project Gutenberg: licence before "*** START OF ..." and after "*** END OF ...", with the marks of its early years,
// when the small print before a book closed with "*END*" and a book with "End of Project Gutenberg's ...".
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "data/formats/edge_trimmer.h"
#include "data/formats/readers.h"
#include "data/line_splitter.h"

namespace fude {
namespace {

// What may stand before a book. A file without a start mark in so many bytes has no header.
constexpr size_t kLongestHeader = size_t{1} << 17;
// A title too long for one line is carried over; the mark ends with "***" at last.
constexpr int kMostMarkLines = 4;

// The line's first bytes in capital ASCII letters, without white space at both ends.
std::string capitals(std::string_view line) {
  std::string text(line.substr(0, 200));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// Stars, and then one of the phrases.
bool opens(std::string_view text, std::initializer_list<std::string_view> phrases) {
  const size_t stars = std::min(text.find_first_not_of('*'), text.size());
  if (stars < 3) return false;
  text.remove_prefix(stars);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) { return text.starts_with(phrase); });
}

bool starts_book(std::string_view line) {
  return opens(line, {"START OF THE PROJECT GUTENBERG", "START OF THIS PROJECT GUTENBERG"});
}

bool ends_small_print(std::string_view line) {
  return line.starts_with("*END*THE SMALL PRINT") || line.starts_with("*END THE SMALL PRINT");
}

bool ends_book(std::string_view line) {
  if (opens(line, {"END OF THE PROJECT GUTENBERG", "END OF THIS PROJECT GUTENBERG"})) return true;
  return line.starts_with("END OF PROJECT GUTENBERG") || line.starts_with("END OF THE PROJECT GUTENBERG") ||
         line.starts_with("END OF THIS PROJECT GUTENBERG");
}

class GutenbergReader : public FormatReader {
 public:
  GutenbergReader(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
      : report_(&report), body_(options, report, sink), lines_([this](const LinePart& line) { read_line(line); }) {}

  void push(std::string_view utf8) override { lines_.push(utf8); }
  void finish() override {
    lines_.finish();
    if (place_ == Place::kMark || place_ == Place::kHeader) give_back();
    body_.end();
  }

 private:
  enum class Place { kHeader, kMark, kBook, kFooter };

  void read_line(const LinePart& line) {
    const std::string text = line.begins ? capitals(line.content()) : std::string();
    const bool starts = starts_book(text);
    if (starts || (place_ == Place::kHeader && ends_small_print(text))) {
      // A second book in one file is another document.
      if (place_ == Place::kBook || place_ == Place::kFooter) body_.end();
      ++report_->headers;
      held_.clear();
      mark_lines_ = 1;
      place_ = starts && !text.ends_with("***") ? Place::kMark : Place::kBook;
      return;
    }
    switch (place_) {
      case Place::kHeader:
        held_ += line.text;
        if (held_.size() > kLongestHeader) give_back();
        break;
      case Place::kMark:
        held_ += line.text;
        if (text.ends_with("***")) {
          held_.clear();
          place_ = Place::kBook;
        } else if (++mark_lines_ == kMostMarkLines || text.empty()) {
          give_back();
        }
        break;
      case Place::kBook:
        if (ends_book(text)) {
          ++report_->footers;
          place_ = Place::kFooter;
        } else {
          body_.write(line.text, line.begins && line.ends && text.empty());
        }
        break;
      case Place::kFooter:
        break;
    }
  }

  // What was held is text of the book after all.
  void give_back() {
    place_ = Place::kBook;
    LineSplitter held([this](const LinePart& line) { read_line(line); });
    held.push(std::exchange(held_, {}));
    held.finish();
  }

  FormatReport* report_;
  EdgeTrimmer body_;
  LineSplitter lines_;
  Place place_ = Place::kHeader;
  std::string held_;  // that may be a header or the rest of a mark
  int mark_lines_ = 0;
};

}  // namespace

std::unique_ptr<FormatReader> make_gutenberg_reader(const FormatOptions& options, FormatReport& report,
                                                    DocumentSink& sink) {
  return std::make_unique<GutenbergReader>(options, report, sink);
}

}  // namespace fude
