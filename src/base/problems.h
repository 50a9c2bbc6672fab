// What is wrong with options, collected to say all of it at once.
//
//   Problems problems;
//   problems.unless(top_k >= 0, "top_k must be 0 (off) or more" + got(top_k));
//   problems.raise();
#pragma once

#include <string>

#include "fude/base/error.h"

namespace fude {

class Problems {
 public:
  void add(const std::string& problem) { text_ += (text_.empty() ? "" : "; ") + problem; }
  void unless(bool good, const std::string& problem) {
    if (!good) add(problem);
  }
  // What a part's own validate() finds.
  template <class Part>
  void of(const Part& part) {
    try {
      part.validate();
    } catch (const ConfigError& error) {
      add(error.what());
      if (hint_.empty()) hint_ = error.hint();
    }
  }
  // ConfigError when there is any. Without a hint it has the first one of the parts.
  void raise(const std::string& hint = {}) const {
    if (!text_.empty()) throw ConfigError(text_, hint.empty() ? hint_ : hint);
  }

 private:
  std::string text_;
  std::string hint_;
};

// ", got 0.5", with no more digits than it needs.
inline std::string got(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return ", got " + text;
}

}  // namespace fude
