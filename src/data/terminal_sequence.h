// Sequences that a terminal takes for itself: colours, titles, links (ECMA-48, 5.4 and 5.6; ECMA-35, 13).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fude {

// What stands behind an ESC, in portions of any size: ESC [ 1 m, ESC ( B, or a string up to BEL or ESC \ in the same
// line, as of ESC ] 8 ; ; http://a.b ESC \.
class TerminalSequence {
 public:
  bool is_open() const { return state_ != State::kNone; }
  void begin() { state_ = State::kBegun; }

  struct Taken {
    int64_t controls = 0;  // characters
    bool whole = false;    // the sequence has come to its end
  };
  // Takes what belongs to the open sequence off the front of `text`. What turned out to be text after all, such as a
  // string without an end, waits in left_over().
  Taken take(std::string_view& text);
  // Whole characters without those below U+0020; gone with the call.
  std::string left_over();
  // Nothing more comes.
  void end() { state_ = State::kNone; }

 private:
  enum class State { kNone, kBegun, kParameters, kCharacterSet, kString, kEscapeInString };

  State state_ = State::kNone;
  std::string held_;  // of a string or a character set
};

}  // namespace fude
