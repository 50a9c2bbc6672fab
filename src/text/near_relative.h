// What may stand for a symbol that a model never saw: “ becomes ", — becomes -, … becomes ..., and so on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fude {

// The near relatives of `symbol`, the nearest first: plain punctuation, compatibility and full-width forms, the other
// case, the letters without their accents. None is empty, none is `symbol`.
std::vector<std::string> near_relatives(std::string_view symbol);

}  // namespace fude
