// Finds stop texts in a text that comes in pieces, and holds back what may be the beginning of one.
//
//   StopMatcher matcher({"END"});
//   matcher.push("the E");   // "the "
//   matcher.push("NE");      // "EN": this E did not begin the stop text, but the last one may
//   matcher.push("ND.");     // "": matched() is true, the text is "the EN"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fude {

class StopMatcher {
 public:
  // Each must hold at least one character of valid UTF-8.
  explicit StopMatcher(std::vector<std::string> stops);

  // Adds a piece and returns the text that is certain now. The first stop text to be complete ends the text before it
  // (of those complete at the same character the longest one): the result does not depend on how the text was cut into
  // pieces. Whole characters in, whole characters out.
  std::string push(std::string_view piece);
  // What is still held back, when the text ends without a stop text.
  std::string finish();
  bool matched() const { return matched_; }

 private:
  std::vector<std::string> stops_;  // longest first
  std::string held_;
  bool matched_ = false;
};

}  // namespace fude
