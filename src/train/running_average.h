// Averages over the last few dozen steps.
#pragma once

namespace fude {

// `average` with `newest` in it; an average of 0 has heard nothing yet.
inline double running_average(double average, double newest) {
  constexpr double kNewest = 0.05;  // weight of the newest step
  return average == 0 ? newest : (1 - kNewest) * average + kNewest * newest;
}

}  // namespace fude
