// Aozora Bunko: a title, a legend of the markup between two rules, the text, and a colophon that begins with 底本：.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "data/formats/aozora_line.h"
#include "data/formats/edge_trimmer.h"
#include "data/formats/readers.h"
#include "data/line_splitter.h"

namespace fude {
namespace {

// Title, legend and colophon are no longer than this. What goes on longer is text.
constexpr size_t kLongestFrame = size_t{1} << 16;

bool is_rule(std::string_view line) {
  return line.size() >= 20 && line.find_first_not_of('-') == std::string_view::npos;
}

bool begins_colophon(std::string_view line) { return line.starts_with("底本：") || line.starts_with("底本:"); }

// What the colophon of a file that Aozora Bunko made has after 底本：.
bool is_colophon_mark(std::string_view line) {
  constexpr std::array<std::string_view, 6> kMarks = {"入力：", "入力:",    "校正：",
                                                      "校正:",  "青空文庫", "このファイルは"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) { return line.starts_with(mark); });
}

// What a line of a colophon without any of these may be: another source, or one that goes on far from the margin.
bool may_be_in_colophon(std::string_view line) {
  constexpr std::array<std::string_view, 8> kStarts = {"底本", "初出", "親本", "初版", "※", "\u3000\u3000", "  ", "\t"};
  return line.empty() ||
         std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return line.starts_with(start); });
}

class AozoraReader : public FormatReader {
 public:
  AozoraReader(const FormatOptions& options, FormatReport& report, DocumentSink& sink)
      : report_(&report),
        markup_(options.ruby, report),
        body_(options, report, sink),
        lines_([this](const LinePart& line) { read_line(line); }) {}

  void push(std::string_view utf8) override { lines_.push(utf8); }

  void finish() override {
    lines_.finish();
    if (place_ == Place::kTitle || place_ == Place::kLegend) give_back();
    if (place_ == Place::kColophon && (colophon_marked_ || (unmarked_fits_ && held_lines_ <= kMostUnmarkedLines))) {
      ++report_->footers;
      held_.clear();
    }
    give_back();
    body_.end();
  }

 private:
  enum class Place { kTitle, kLegend, kText, kColophon };
  // A colophon without any of its marks is taken for one when it is so short, and set like one.
  static constexpr int kMostUnmarkedLines = 16;

  void read_line(const LinePart& line) {
    const std::string_view content = line.begins ? line.content() : std::string_view();
    switch (place_) {
      case Place::kTitle:
        if (is_rule(content)) place_ = Place::kLegend;
        hold(line);
        break;
      case Place::kLegend:
        legend_named_ = legend_named_ || content.find("テキスト中に現れる記号") != std::string_view::npos;
        is_rule(content) && legend_named_ ? end_header() : hold(line);
        break;
      case Place::kText:
        if (!after_blank_ || !begins_colophon(content)) return write(line);
        place_ = Place::kColophon;
        colophon_marked_ = false;
        unmarked_fits_ = true;
        hold(line);
        break;
      case Place::kColophon:
        // Another beginning shows that the first was text, unless it has been marked as a colophon (of one part).
        if (begins_colophon(content) && held_after_blank_ && !colophon_marked_) give_back();
        place_ = Place::kColophon;
        colophon_marked_ = colophon_marked_ || is_colophon_mark(content);
        unmarked_fits_ = unmarked_fits_ && may_be_in_colophon(content);
        hold(line);
        break;
    }
  }

  void hold(const LinePart& line) {
    held_ += line.text;
    ++held_lines_;
    held_after_blank_ = line.content().empty();
    if (held_.size() > kLongestFrame) give_back();
  }

  void end_header() {
    ++report_->headers;
    if (held_.find("アクセント分解") != std::string::npos) markup_.compose_accents();
    held_.clear();
    held_lines_ = 0;
    place_ = Place::kText;
  }

  // What was held is text after all; of what would have been a title the end may be a colophon.
  void give_back() {
    const bool may_hold_colophon = std::exchange(place_, Place::kText) != Place::kColophon;
    held_lines_ = 0;
    LineSplitter held([&](const LinePart& line) { may_hold_colophon ? read_line(line) : write(line); });
    held.push(std::exchange(held_, {}));
    held.finish();
  }

  void write(const LinePart& line) {
    const std::string_view content = line.content();
    after_blank_ = line.begins && line.ends && content.empty();
    std::string text = markup_.reduce(content);
    // A line that was nothing but notes goes with them.
    if (line.begins && line.ends && text.empty() && !content.empty()) return;
    const bool blank = line.begins && line.ends && text.empty();
    if (line.text.ends_with('\n')) text += '\n';
    if (!text.empty()) body_.write(text, blank);
  }

  FormatReport* report_;
  AozoraLine markup_;
  EdgeTrimmer body_;
  LineSplitter lines_;
  Place place_ = Place::kTitle;
  std::string held_;  // that may be title and legend, or colophon
  int held_lines_ = 0;
  bool held_after_blank_ = false;
  bool legend_named_ = false;
  bool colophon_marked_ = false;
  bool unmarked_fits_ = true;  // for a colophon
  bool after_blank_ = true;
};

}  // namespace

std::unique_ptr<FormatReader> make_aozora_reader(const FormatOptions& options, FormatReport& report,
                                                 DocumentSink& sink) {
  return std::make_unique<AozoraReader>(options, report, sink);
}

}  // namespace fude
