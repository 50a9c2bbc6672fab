// Project Gutenberg: licence before "*** START OF ..." and after "*** END OF ...", with the marks of its early years,
// when the small print before a book closed with "*END*" and a book with "End of Project Gutenberg's ...". A header
// begins where Project Gutenberg is named first, a footer goes on as long as it is named again and again. What stands
// before or behind is a text of its own.
#include <algorithm>
#include <array>
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
// A licence has some 20 KB, 2 between the lines that name the project, and less in a paragraph behind the last of them.
constexpr size_t kLongestFooter = size_t{1} << 15;
constexpr size_t kWidestGap = size_t{1} << 12;
constexpr size_t kRestOfParagraph = size_t{1} << 9;
constexpr size_t kNeverNamed = size_t{1} << 40;
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
  return opens(line, {"END OF THE PROJECT GUTENBERG", "END OF THIS PROJECT GUTENBERG"});
}

// The same without stars, which prose may happen to have.
bool may_end_book(std::string_view line) {
  return line.starts_with("END OF PROJECT GUTENBERG") || line.starts_with("END OF THE PROJECT GUTENBERG") ||
         line.starts_with("END OF THIS PROJECT GUTENBERG");
}

bool names_project(std::string_view line) {
  constexpr std::array<std::string_view, 4> kNames = {"PROJECT GUTENBERG", "GUTENBERG-TM", "GUTENBERG™",
                                                      "GUTENBERG.ORG"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return line.find(name) != std::string_view::npos; });
}

// The first line of most headers.
bool opens_header(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of("* "), line.size()));
  if (line.starts_with("THE ")) line.remove_prefix(4);
  constexpr std::array<std::string_view, 4> kStarts = {"PROJECT GUTENBERG EBOOK OF", "PROJECT GUTENBERG EBOOK,",
                                                       "PROJECT GUTENBERG ETEXT OF", "PROJECT GUTENBERG ETEXT,"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return line.starts_with(start); });
}

// The last line of the licence.
bool ends_licence(std::string_view line) { return line.starts_with("SUBSCRIBE TO OUR EMAIL NEWSLETTER"); }

class GutenbergReader : public FormatReader {
 public:
  GutenbergReader(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
      : report_(&report), body_(options, report, sink), lines_([this](const LinePart& line) { read_line(line); }) {}

  void push(std::string_view utf8) override { lines_.push(utf8); }
  void finish() override {
    lines_.finish();
    end_text();
  }

 private:
  enum class Place { kHeader, kMark, kBook, kFooter };

  void read_line(const LinePart& line) {
    const std::string text = line.begins ? capitals(line.content()) : std::string();
    if (place_ != Place::kBook && line.begins && body_.separates(line.content())) {
      ++report_->separators;
      end_text();
      return begin_header();
    }
    if (starts_book(text)) return begin_book(text.ends_with("***") ? Place::kBook : Place::kMark);
    switch (place_) {
      case Place::kHeader:
        if (ends_small_print(text)) return begin_book(Place::kBook);
        if (ends_text_here(text)) {
          give_back();
          return read_line(line);
        }
        // Who names the project long before has written a text of his own.
        if (opens_header(text) ? !std::exchange(header_opened_, true)
                               : !header_opened_ && names_project(text) && since_named_ > kWidestGap)
          header_ = held_.size();
        since_named_ = names_project(text) ? 0 : since_named_ + line.text.size();
        held_ += line.text;
        after_blank_ = text.empty();
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
        ends_text_here(text) ? begin_footer(line, ends_book(text)) : write(line);
        break;
      case Place::kFooter:
        read_footer(line, text);
        break;
    }
  }

  static bool ends_text_here(std::string_view text) { return ends_book(text) || may_end_book(text); }

  void begin_header() {
    place_ = Place::kHeader;
    after_blank_ = true;
    header_ = std::string::npos;
    header_opened_ = false;
    since_named_ = kNeverNamed;
  }

  // A second book in one file is another document, and so is what stands before a header.
  void begin_book(Place place) {
    if (place_ == Place::kFooter) end_footer();
    if (place_ == Place::kHeader) {
      if (!header_opened_ && since_named_ > kWidestGap) header_ = held_.size();
      held_.erase(std::min(header_, held_.size()));
      end_text();
    }
    body_.end();
    ++report_->headers;
    held_.clear();
    mark_lines_ = 1;
    behind_footer_ = false;
    place_ = place;
  }

  void begin_footer(const LinePart& line, bool certain) {
    report_->footers += certain ? 1 : 0;
    place_ = Place::kFooter;
    footer_certain_ = certain;
    footer_in_doubt_ = !certain && !after_blank_;
    footer_size_ = 0;
    in_paragraph_ = true;
    since_named_ = 0;
    held_ = line.text;
    footer_ = held_.size();
  }

  void read_footer(const LinePart& line, std::string_view text) {
    if (footer_in_doubt_ && !ends_book(text)) {
      held_ += line.text;
      if (!is_ascii_blank(line.text) || held_.size() > kWidestGap) give_back();
      return;
    }
    const bool text_behind = !is_ascii_blank(std::string_view(held_).substr(footer_));
    if (ends_book(text) && !(footer_certain_ && text_behind)) {
      // What looked like an end, with text behind it, was a line of the book.
      if (text_behind) give_back();
      report_->footers -= footer_certain_ ? 1 : 0;
      return begin_footer(line, true);
    }
    if (ends_book(text) || opens_header(text) || (!footer_certain_ && ends_small_print(text))) {
      end_footer();
      return read_line(line);
    }
    const bool named = names_project(text) || ends_small_print(text);
    const bool blank = line.begins && line.ends && text.empty();
    since_named_ = named ? 0 : since_named_ + line.text.size();
    in_paragraph_ = named || (in_paragraph_ && !blank && since_named_ <= kRestOfParagraph);
    held_ += line.text;
    if (in_paragraph_) {
      footer_size_ += held_.size() - footer_;
      footer_ = held_.size();
    }
    if (footer_certain_) held_.erase(0, std::exchange(footer_, 0));
    if (ends_licence(text)) return end_footer();
    if (held_.size() - footer_ <= kWidestGap && footer_size_ <= kLongestFooter) return;
    footer_certain_ ? end_footer() : give_back();
  }

  // What was held is a footer, and what stands behind that another text.
  void end_footer() {
    report_->footers += footer_certain_ ? 0 : 1;
    body_.end();
    begin_header();
    behind_footer_ = true;
    const std::string behind = std::exchange(held_, {}).substr(footer_);
    for_each_line(behind, [this](const LinePart& line) { read_line(line); });
  }

  // The file is over, or the text that was read.
  void end_text() {
    while (place_ != Place::kBook) place_ == Place::kFooter ? end_footer() : give_back();
    body_.end();
    behind_footer_ = false;
    after_blank_ = true;
  }

  // What was held is text of the book after all.
  void give_back() {
    place_ = Place::kBook;
    const std::string held = std::exchange(held_, {});
    if (behind_footer_ && !is_ascii_blank(held)) {
      ++report_->behind_footers;
      behind_footer_ = false;
    }
    for_each_line(held, [this](const LinePart& line) { write(line); });
  }

  void write(const LinePart& line) {
    after_blank_ = line.begins && line.ends && is_ascii_blank(line.text);
    body_.write(line.text, after_blank_);
  }

  FormatReport* report_;
  EdgeTrimmer body_;
  LineSplitter lines_;
  Place place_ = Place::kHeader;
  std::string held_;                   // that may be a header, the rest of a mark, or a footer
  size_t header_ = std::string::npos;  // where in held_ it begins
  bool header_opened_ = false;         // by its usual first line, not by any that names the project
  int mark_lines_ = 0;
  size_t footer_ = 0;            // how much of held_ it is
  size_t footer_size_ = 0;       // of all of it
  bool footer_certain_ = false;  // it began with stars
  bool footer_in_doubt_ =
      false;  // it began within a paragraph: only blank lines and a mark, or the file's end, may follow
  bool in_paragraph_ = false;         // that names the project, or has just begun
  size_t since_named_ = kNeverNamed;  // bytes
  bool behind_footer_ = false;        // no text has come since
  bool after_blank_ = true;
};

}  // namespace

bool has_gutenberg_mark(std::string_view head) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, std::min(head.find('\n'), head.size() - 1) + 1);
    const std::string text = capitals(line);
    if (starts_book(text) || ends_small_print(text)) return true;
    head.remove_prefix(line.size());
  }
  return false;
}

std::unique_ptr<FormatReader> make_gutenberg_reader(const FormatOptions& options, FormatReport& report,
                                                    DocumentSink& sink) {
  return std::make_unique<GutenbergReader>(options, report, sink);
}

}  // namespace fude
