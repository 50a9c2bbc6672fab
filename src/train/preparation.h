// How far the passes over the text have come that go before the first step.
#pragma once

#include <chrono>
#include <string>

#include "fude/data/corpus.h"
#include "fude/train/trainer.h"

namespace fude {

class Preparation {
 public:
  // `events` must outlive this.
  explicit Preparation(const TrainEvents& events) : events_(&events) {}

  // Names the passes that follow.
  void begin(std::string what) {
    what_ = std::move(what);
    last_ = 1;
  }

  // To be called as the text is read. Looks into this object. Empty when nobody listens.
  ReadProgress progress() {
    if (!events_->on_preparation) return {};
    return [this](double share) { tell(share); };
  }

 private:
  using Clock = std::chrono::steady_clock;

  void tell(double share) {
    if (share < last_) begin_ = Clock::now();  // another pass
    last_ = share;
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    events_->on_preparation(what_, share, share > 0 ? seconds * (1 - share) / share : 0);
  }

  const TrainEvents* events_;
  std::string what_ = "reading the text";
  double last_ = 1;
  Clock::time_point begin_;
};

}  // namespace fude
