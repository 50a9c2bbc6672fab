// Unicode normalization of a text that comes in pieces: as if it had come as a whole, wherever it was cut.
#pragma once

#include <string>
#include <string_view>

#include "fude/text/unicode.h"

namespace fude {

class StreamingNormalizer {
 public:
  explicit StreamingNormalizer(Normalization form) : form_(form) {}

  // What can be told already, before and after normalization; the same view where nothing changes. Valid until the next
  // call, and no longer than `piece` is.
  struct Part {
    std::string_view before;
    std::string_view after;
  };
  // Holds back the last letter and its marks, which the next piece may add to. A run of marks that fills 64 KiB is cut:
  // no writing has such runs.
  Part push(std::string_view piece);
  // The rest; the next push() begins another text.
  Part finish();

 private:
  Part normalized(std::string_view before);

  Normalization form_;
  std::string held_;    // not normalized yet
  std::string before_;  // what the last Part shows when it is not in the caller's piece
  std::string after_;
};

}  // namespace fude
