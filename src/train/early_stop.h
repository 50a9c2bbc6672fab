// Notices the best validation loss, and when there has been none for too long.
#pragma once

#include <limits>

namespace fude {

class EarlyStop {
 public:
  // `patience`: evaluations without a better loss before it is exhausted; 0: never.
  explicit EarlyStop(int patience) : patience_(patience) {}

  // Hears the loss of an evaluation; true when it is the best so far.
  bool is_best(double loss) {
    if (loss < best_) {
      best_ = loss;
      bad_ = 0;
      return true;
    }
    ++bad_;
    return false;
  }
  bool exhausted() const { return patience_ > 0 && bad_ >= patience_; }

  // All there is to save.
  double best() const { return best_; }
  int bad() const { return bad_; }
  void restore(double best, int bad) {
    best_ = best;
    bad_ = bad;
  }

 private:
  int patience_;
  double best_ = std::numeric_limits<double>::infinity();
  int bad_ = 0;  // evaluations since the best
};

}  // namespace fude
