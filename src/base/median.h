// Medians, and how long something takes: a median does not mind the one call in which the machine did something else.
//
//   const double time = median_seconds(0.5, [&] { work(); });
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace fude {

// The upper one of two in the middle; `values` are not empty.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The median of what `once` takes, over `seconds` and at least three calls, after one that warms up.
template <class Once>
double median_seconds(double seconds, const Once& once) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  once();
  std::vector<double> times;
  const Clock::time_point begin = Clock::now();
  while (times.size() < 3 || since(begin) < seconds) {
    const Clock::time_point start = Clock::now();
    once();
    times.push_back(since(start));
  }
  return median(std::move(times));
}

}  // namespace fude
