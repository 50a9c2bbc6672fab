// Aozora Bunko's markup inside a line: ruby, notes, gaiji, accents.
//
//   AozoraLine line("strip", report);
//   line.reduce("｜麦の穂《ほ》が※［＃「さんずい＋垂」、第3水準1-86-71］［＃「垂」に傍点］");
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fude/data/format.h"

namespace fude {

class AozoraLine {
 public:
  // `ruby` as in FormatOptions. `report` must outlive this.
  AozoraLine(const std::string& ruby, FormatReport& report);

  // What the legend tells, as most texts have brackets 〔〕 and strokes that mean no such thing: whether from now on
  // 〔e'〕 is é, and ／＼ the mark 〳〵 that repeats what was said.
  void take_legend(bool accents, bool repeats) {
    accents_ = accents;
    repeats_ = repeats;
  }

  // `line` has no newline. Markup that is not closed within the line stays as it is.
  std::string reduce(std::string_view line);

 private:
  // Where a mark stands next in a line that is read from left to right, so that looking for it often costs no more than
  // reading the line.
  class NextMark {
   public:
    explicit NextMark(std::string_view mark) : mark_(mark) {}
    // In `rest`, the end of the line; npos when it does not end within `longest` bytes.
    size_t in(std::string_view rest, size_t longest);
    // Another line begins.
    void forget() { known_ = false; }

   private:
    std::string_view mark_;
    bool known_ = false;
    size_t from_end_ = 0;  // bytes from the mark to the end of the line; 0: there is none
  };

  // What a base without ｜ before it consists of: characters of one kind.
  enum class Kind { kNone, kKanji, kHiragana, kKatakana, kLetter };
  static Kind kind_of(char32_t c, Kind before);
  static bool holds_kanji(std::string_view text);

  // Each takes what stands at the start of `rest` and gives its length in bytes, or 0 when it is no markup.
  size_t take_gaiji(std::string_view rest);
  size_t take_note(std::string_view rest);
  // A ｜ is the last that was written.
  bool is_behind_bar() const;
  size_t take_ruby(std::string_view rest);
  size_t take_emphasis(std::string_view rest);
  size_t take_accents(std::string_view rest);
  size_t take_repeat(std::string_view rest);
  void append(std::string_view text);

  bool keep_;
  bool reading_;
  bool accents_ = false;
  bool repeats_ = false;
  FormatReport* report_;
  NextMark ruby_end_;
  NextMark emphasis_end_;
  NextMark bracket_end_;
  NextMark accent_end_;

  std::string out_;
  size_t bar_ = std::string::npos;  // where in out_ the last ｜ is
  size_t run_ = 0;                  // where in out_ the last characters of one kind begin
  Kind kind_ = Kind::kNone;         // theirs
  bool in_emphasis_ = false;
};

}  // namespace fude
