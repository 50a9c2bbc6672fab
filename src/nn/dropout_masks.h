// Dropout masks of one site for some rows of a window: (T,B,width), or (B,width) when locked.
#pragma once

#include <cstdint>
#include <vector>

#include "compute/kernels/pointwise.h"
#include "nn/network.h"
#include "nn/recurrent_layer.h"

namespace fude {

// Where a mask sits; the low bits of its random stream. Layers follow from kOutputSite and kStateSite.
enum DropoutSite : uint64_t { kInputSite = 0, kOutputSite = 1, kStateSite = 16 };

class DropoutMasks {
 public:
  DropoutMasks(const Window& window, Range rows, bool locked, int width)
      : steps_(static_cast<size_t>(window.steps)),
        batch_(static_cast<size_t>(window.batch_size)),
        begin_(static_cast<size_t>(rows.begin)),
        count_(static_cast<size_t>(rows.size())),
        locked_(locked),
        width_(static_cast<size_t>(width)) {}

  template <class Real>
  void draw(double drop, const DropoutKey& key, uint64_t site, std::vector<Real>& mask) const {
    for (size_t step = 0; step < (locked_ ? 1 : steps_); ++step)
      fill_dropout_mask(drop, key.seed, key.step << 8 | site, at(step), count_ * width_, mask.data() + at(step));
  }

  // dst = src · mask, each (T,B,width).
  template <class Real, class Store>
  void apply(const std::vector<Real>& mask, const Store* src, Store* dst) const {
    for (size_t step = 0; step < steps_; ++step)
      multiply(count_ * width_, src + at(step), mask.data() + at(locked_ ? 0 : step), dst + at(step));
  }

 private:
  size_t at(size_t step) const { return (step * batch_ + begin_) * width_; }

  size_t steps_, batch_, begin_, count_;
  bool locked_;
  size_t width_;
};

}  // namespace fude
