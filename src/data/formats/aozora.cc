// Aozora Bunko: a title, a legend of the markup between two rules, the text, and a colophon that begins with 底本：.
// What stands before a title or behind a colophon is a text of its own.
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

// Titles and colophons are no longer than this, legends and what a colophon has between its marks than that. What goes
// on longer is text.
constexpr size_t kLongestFrame = size_t{1} << 16;
constexpr size_t kLongestLegend = size_t{1} << 13;
constexpr size_t kWidestGap = size_t{1} << 11;
constexpr int kMostTitleLines = 10;
// A colophon without any of its marks is taken for one when it is so short, and set like one.
constexpr int kMostUnmarkedLines = 16;

bool is_rule(std::string_view line) {
  return line.size() >= 20 && line.find_first_not_of('-') == std::string_view::npos;
}

bool ends_with_rule(std::string_view text) {
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);
  return is_rule(text.substr(text.rfind('\n') + 1));
}

bool names_legend(std::string_view line) { return line.find("テキスト中に現れる記号") != std::string_view::npos; }

// Where the title begins in what stands before a legend: it is the last paragraph, of a few lines.
size_t find_title(std::string_view text) {
  size_t title = 0;
  int lines = 0;
  bool after_blank = true;
  for (size_t at = 0, end = 0; at < text.size(); at = end) {
    end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const bool blank = is_ascii_blank(text.substr(at, end - at));
    if (!blank && std::exchange(after_blank, blank)) {
      title = at;
      lines = 0;
    }
    after_blank = blank;
    lines += blank ? 0 : 1;
  }
  return lines <= kMostTitleLines ? title : text.size();
}

template <size_t size>
bool starts_with_any(std::string_view line, const std::array<std::string_view, size>& starts) {
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return line.starts_with(start); });
}

bool begins_colophon(std::string_view line) { return line.starts_with("底本：") || line.starts_with("底本:"); }

// The last line of every colophon that Aozora Bunko made.
bool closes_colophon(std::string_view line) { return line.find("ボランティアの皆さん") != std::string_view::npos; }

// What the colophon of a file that Aozora Bunko made has after 底本：.
bool is_colophon_mark(std::string_view line) {
  constexpr std::array<std::string_view, 6> kMarks = {"入力：", "入力:",    "校正：",
                                                      "校正:",  "青空文庫", "このファイルは"};
  return starts_with_any(line, kMarks) || closes_colophon(line) || line.find("aozora.gr.jp") != std::string_view::npos;
}

bool is_indented(std::string_view line) {
  constexpr std::array<std::string_view, 3> kStarts = {"\u3000\u3000", "  ", "\t"};
  return starts_with_any(line, kStarts);
}

// What a line of a colophon without any of these may be: another source, or one that goes on far from the margin.
bool may_be_in_colophon(std::string_view line) {
  constexpr std::array<std::string_view, 5> kStarts = {"底本", "初出", "親本", "初版", "※"};
  return line.empty() || is_indented(line) || starts_with_any(line, kStarts);
}

// And then: the day of a change, and remarks in a list.
bool may_follow_marks(std::string_view line) {
  constexpr std::array<std::string_view, 2> kStarts = {"●", "・"};
  const bool dated = !line.empty() && line.front() >= '0' && line.front() <= '9' &&
                     (line.ends_with("公開") || line.ends_with("作成") || line.ends_with("修正"));
  return dated || starts_with_any(line, kStarts);
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
    end_text();
  }

 private:
  enum class Place { kTitle, kLegend, kText, kColophon };

  void read_line(const LinePart& line) {
    const std::string_view content = line.begins ? line.content() : std::string_view();
    if (place_ != Place::kText && line.begins && body_.separates(content)) {
      ++report_->separators;
      end_text();
      place_ = Place::kTitle;
      return;
    }
    if ((place_ == Place::kTitle || place_ == Place::kLegend) && after_blank_ && begins_colophon(content)) give_back();
    switch (place_) {
      case Place::kTitle:
        if (is_rule(content)) begin_legend();
        hold(line);
        break;
      case Place::kLegend:
        if (is_rule(content) && legend_named_) return end_header();
        if (is_rule(content)) begin_legend();
        // A rule that no legend follows is the text's own.
        else if (!legend_named_ && !content.empty())
          place_ = names_legend(content) ? Place::kLegend : Place::kTitle;
        legend_named_ = legend_named_ || names_legend(content);
        hold(line);
        break;
      case Place::kText:
        if (after_blank_ && begins_colophon(content)) return begin_colophon(line);
        write(line);
        break;
      case Place::kColophon:
        read_colophon(line, content);
        break;
    }
  }

  void hold(const LinePart& line) {
    held_ += line.text;
    ++held_lines_;
    after_blank_ = line.begins && line.ends && line.content().empty();
    if (held_.size() > kLongestFrame || (place_ == Place::kLegend && held_.size() - legend_ > kLongestLegend))
      give_back();
  }

  void begin_legend() {
    place_ = Place::kLegend;
    legend_ = held_.size();
    legend_named_ = false;
  }

  void end_header() {
    const auto legend_has = [this](const char* text) { return held_.find(text, legend_) != std::string::npos; };
    const bool accents = legend_has("アクセント分解"), repeats = legend_has("／＼") || legend_has("／″＼");
    held_.erase(find_title(std::string_view(held_).substr(0, legend_)));
    give_back();
    end_text();
    ++report_->headers;
    markup_.take_legend(accents, repeats);
  }

  void begin_colophon(const LinePart& line) {
    place_ = Place::kColophon;
    colophon_marked_ = false;
    colophon_closed_ = false;
    hold(line);
    colophon_ = held_.size();
  }

  void read_colophon(const LinePart& line, std::string_view content) {
    const bool goes_on = colophon_ == held_.size();
    if (begins_colophon(content) && after_blank_ && !colophon_marked_) {
      // Another beginning shows that the first was text.
      give_back();
      return begin_colophon(line);
    }
    if ((names_legend(content) && ends_with_rule(held_)) ||
        (begins_colophon(content) && colophon_marked_ && !goes_on)) {
      end_colophon();
      return read_line(line);
    }
    const bool marks = !colophon_closed_ && is_colophon_mark(content);
    const bool fits = line.begins && (may_be_in_colophon(content) || (colophon_marked_ && may_follow_marks(content))) &&
                      !(colophon_closed_ && after_blank_ && is_indented(content));
    colophon_marked_ = colophon_marked_ || marks;
    colophon_closed_ = colophon_closed_ || closes_colophon(content);
    held_ += line.text;
    ++held_lines_;
    after_blank_ = line.begins && line.ends && content.empty();
    if (marks || (goes_on && fits)) colophon_ = held_.size();
    if (held_.size() - colophon_ > (colophon_closed_ ? 0 : kWidestGap)) {
      colophon_marked_ ? end_colophon() : give_back();
    } else if (held_.size() > kLongestFrame) {
      give_back();
    }
  }

  // What was held is a colophon, and what stands behind that another text.
  void end_colophon() {
    ++report_->footers;
    body_.end();
    place_ = Place::kTitle;
    behind_footer_ = true;
    after_blank_ = true;
    held_lines_ = 0;
    const std::string behind = std::exchange(held_, {}).substr(colophon_);
    for_each_line(behind, [this](const LinePart& line) { read_line(line); });
  }

  // The file is over, or the text that was read.
  void end_text() {
    while (place_ != Place::kText) {
      const bool fits = colophon_marked_ || (colophon_ == held_.size() && held_lines_ <= kMostUnmarkedLines);
      const bool ends_colophon = place_ == Place::kColophon && fits;
      ends_colophon ? end_colophon() : give_back();
    }
    body_.end();
    behind_footer_ = false;
    after_blank_ = true;
  }

  // What was held is text after all.
  void give_back() {
    place_ = Place::kText;
    held_lines_ = 0;
    const std::string held = std::exchange(held_, {});
    if (behind_footer_ && !is_ascii_blank(held)) {
      ++report_->behind_footers;
      behind_footer_ = false;
    }
    for_each_line(held, [this](const LinePart& line) { write(line); });
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
  size_t legend_ = 0;  // where in held_ it begins
  bool legend_named_ = false;
  size_t colophon_ = 0;  // how much of held_ it is
  bool colophon_marked_ = false;
  bool colophon_closed_ = false;
  bool behind_footer_ = false;  // no text has come since
  bool after_blank_ = true;
};

}  // namespace

std::unique_ptr<FormatReader> make_aozora_reader(const FormatOptions& options, FormatReport& report,
                                                 DocumentSink& sink) {
  return std::make_unique<AozoraReader>(options, report, sink);
}

}  // namespace fude
