// Text of marked-up files set as plain lines: white space collapsed, blocks a blank line apart.
#pragma once

#include <string>
#include <string_view>

namespace fude {

// Han, kana and their punctuation.
bool is_dense(char32_t c);

class TextFlow {
 public:
  // Flowing text in any pieces. Runs of white space (ASCII's) become one space; a line end between Han or kana, which
  // are written without spaces, becomes nothing.
  void text(std::string_view text);
  // Text whose white space counts.
  void verbatim(std::string_view text);
  // What follows stands on a line of its own.
  void end_line() { gap(gap_ == Gap::kNone ? Gap::kLine : gap_); }
  // The same, a blank line away.
  void end_block() { gap(Gap::kBlock); }
  // A rule parts what is before it from what follows, as the scenes of a story. It is written as * * *.
  void rule() { gap(Gap::kRule); }
  // A line break that was asked for; two of them leave a blank line.
  void line_break() { gap(gap_ == Gap::kNone ? Gap::kLine : Gap::kBlock); }
  // A paragraph begins or ends: a block, but in a list a line.
  void paragraph() { list_depth_ > 0 ? end_line() : end_block(); }
  void begin_list();
  void end_list();
  // A cell of a table: the blocks inside leave no gap before its first text and none behind its last.
  void begin_cell() { cell_is_empty_ = true; }
  void end_cell();

  // All the text, ending with a newline; empty when there was none.
  std::string take();

 private:
  enum class Gap { kNone, kLine, kBlock, kRule };

  void gap(Gap wanted) { gap_ = cell_is_empty_ || gap_ == Gap::kRule ? gap_ : wanted; }
  // Writes what must stand before `next`.
  void separate(char32_t next);

  std::string out_;
  Gap gap_ = Gap::kNone;
  bool space_ = false;     // white space since the last character
  bool line_end_ = false;  // among it a line end
  bool last_is_dense_ = false;
  bool cell_is_empty_ = false;  // a cell is open that has no text yet
  int list_depth_ = 0;
};

}  // namespace fude
