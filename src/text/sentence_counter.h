// Sentences by the rules of Unicode (UAX #29).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace fude {

class SentenceCounter {
 public:
  SentenceCounter();
  ~SentenceCounter();

  // The sentences of valid UTF-8 of less than 2 GiB. One ends at an empty line; another line end is a space.
  int64_t count(std::string_view text);

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace fude
