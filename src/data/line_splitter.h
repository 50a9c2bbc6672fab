// Lines out of text that comes in any pieces. Very long lines come in parts, so memory stays bounded.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "fude/data/document_sink.h"

namespace fude {

struct LinePart {
  std::string_view text;  // with its newline; valid during the call only
  bool begins = true;     // the first part of its line
  bool ends = true;       // the last one

  // Without "\n" or "\r\n".
  std::string_view content() const;
};

class LineSplitter {
 public:
  using Handler = std::function<void(const LinePart&)>;

  // A line of more than `longest` bytes, newline included, comes in parts of that many, cut between characters: the
  // same parts, whatever pieces were pushed.
  explicit LineSplitter(Handler handler, size_t longest = kPieceBytes);

  void push(std::string_view text);
  // What is left is a line without a newline.
  void finish();

 private:
  void hand_over(std::string_view text, bool ends);

  Handler handler_;
  size_t longest_;
  std::string held_;
  bool begins_ = true;
};

// The same of a text that is there as a whole.
void for_each_line(std::string_view text, LineSplitter::Handler handler);
// Nothing but spaces, tabs and line ends of ASCII.
bool is_ascii_blank(std::string_view text);

}  // namespace fude
