// Words by the rules of Unicode (UAX #29), for Chinese, Japanese, Thai and others by ICU's dictionaries.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace fude {

class WordSegmenter {
 public:
  WordSegmenter();
  ~WordSegmenter();

  // Visits words, punctuation and white space one after the other: together they are `text`, which is valid UTF-8. A
  // single space joins the word behind it: "to be" is "to", " be". May be called from several threads at once.
  void for_each(std::string_view text, const std::function<void(std::string_view)>& visit) const;

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace fude
