// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace fude {

// "1,115,394"
std::string with_commas(int64_t number);
// "1 line", "1,115,394 lines"
std::string counted(int64_t number, const std::string& thing);
// "0.002", "1e+30"
std::string short_number(double number);
// "12.3k", "1.23M"
std::string short_count(double number);
// "30.0 MB"
std::string short_bytes(double bytes);
// A number with this many digits after the point; "-" when it is not finite.
std::string fixed(double number, int digits);

}  // namespace fude
