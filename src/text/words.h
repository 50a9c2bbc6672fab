// The words of a text, without the space and punctuation between them.
#pragma once

#include <functional>
#include <string_view>

#include "text/word_segmenter.h"

namespace fude {

class WordFinder {
 public:
  // Visits what WordSegmenter finds and holds a letter or digit. `text` is valid UTF-8.
  void for_each(std::string_view text, const std::function<void(std::string_view)>& visit) const;

 private:
  WordSegmenter segmenter_;
};

}  // namespace fude
