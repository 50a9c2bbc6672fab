#include "data/terminal_sequence.h"

#include <algorithm>
#include <utility>

namespace fude {
namespace {

constexpr char kEscape = 0x1B, kBell = 0x07;
// A longer string is none: the link of a terminal has some hundred bytes.
constexpr size_t kLongestString = 4096, kMostParameters = 128;

bool within(char c, char first, char last) { return c >= first && c <= last; }
bool is_one_of(char c, std::string_view characters) { return characters.find(c) != std::string_view::npos; }
// Behind `before`: parameters, and then others that tell what the letter means.
bool is_parameter(char c, char before) {
  return within(c, 0x20, 0x2F) || (within(c, 0x30, 0x3F) && !within(before, 0x20, 0x2F));
}
// Numbers without their letter; with spaces, or as long as no sequence is, they are text.
bool is_broken_off(std::string_view sequence) {
  return sequence.size() < kMostParameters &&
         std::none_of(sequence.begin(), sequence.end(), [](char c) { return within(c, 0x20, 0x2F); });
}
bool continues_character(char c) { return (c & 0xC0) == 0x80; }

}  // namespace

TerminalSequence::Taken TerminalSequence::take(std::string_view& text) {
  Taken taken;
  const auto hold = [&] {
    held_ += text.front();
    text.remove_prefix(1);
  };
  while (is_open() && !text.empty()) {
    const char c = text.front();
    switch (state_) {
      case State::kBegun:
        if (c == '[') {
          state_ = State::kParameters;
          hold();
        } else if (is_one_of(c, "]P^_X")) {
          state_ = State::kString;
          hold();
        } else if (is_one_of(c, "()")) {
          state_ = State::kCharacterSet;
          hold();
        } else {
          state_ = State::kNone;
        }
        break;
      case State::kParameters:
        if (is_parameter(c, held_.back()) && held_.size() < kMostParameters) {
          hold();
          break;
        }
        state_ = State::kNone;
        taken.whole = within(c, 0x40, 0x7E);
        if (taken.whole) text.remove_prefix(1);
        if (taken.whole || is_broken_off(held_)) held_.clear();
        break;
      case State::kCharacterSet:
        state_ = State::kNone;
        if (!is_one_of(c, "0AB")) break;
        text.remove_prefix(1);
        held_.clear();
        taken.whole = true;
        break;
      case State::kString:
        if (c == kBell || c == kEscape) {
          ++taken.controls;
          text.remove_prefix(1);
          state_ = c == kEscape ? State::kEscapeInString : State::kNone;
          taken.whole = c == kBell;
          if (taken.whole) held_.clear();
        } else if (within(c, 0, 0x1F) || (held_.size() >= kLongestString && !continues_character(c))) {
          state_ = State::kNone;
        } else {
          hold();
        }
        break;
      case State::kEscapeInString:
        state_ = c == '\\' ? State::kNone : State::kBegun;
        if (state_ == State::kBegun) return taken;  // another sequence; the string was text
        text.remove_prefix(1);
        held_.clear();
        taken.whole = true;
        break;
      case State::kNone:
        break;
    }
  }
  return taken;
}

std::string TerminalSequence::left_over() {
  const bool waits = state_ == State::kString || state_ == State::kParameters || state_ == State::kCharacterSet ||
                     state_ == State::kEscapeInString;
  return waits ? std::string() : std::exchange(held_, {});
}

}  // namespace fude
