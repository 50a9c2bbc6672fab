// What ICU's detection thinks of bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fude {

// An encoding by ICU's name, and how sure ICU is of it, in per cent.
struct IcuGuess {
  std::string name;
  int sure = 0;
};

// The surest first; none where some bytes are nothing that it can guess from.
std::vector<IcuGuess> icu_guesses(std::string_view bytes);

}  // namespace fude
