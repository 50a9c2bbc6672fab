// A team member's view of a recurrent layer's buffers: shared by the forward and the backward pass.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/profile.h"
#include "nn/cell.h"
#include "nn/recurrent_layer.h"

namespace fude {

inline ProfileTimer team_wait_timer("recurrent layers: waiting for other threads");

template <class Real, class Store>
struct Places {
  const RecurrentShape& shape;
  const RecurrentShare<Real, Store>& share;
  const size_t hidden = static_cast<size_t>(shape.hidden_size);
  const size_t gates = static_cast<size_t>(gate_count(shape.cell));
  const size_t width = gates * hidden;
  const int count = share.rows.size();

  // The first of the member's rows at `step`, in rows.
  size_t row(int step) const {
    return static_cast<size_t>(step) * static_cast<size_t>(shape.batch_size) + static_cast<size_t>(share.rows.begin);
  }
  const uint8_t* reset(const uint8_t* reset, int step) const {
    return reset == nullptr || step >= shape.steps ? nullptr : reset + row(step);
  }
  // The rows of several steps lie side by side only when they are all rows.
  bool side_by_side() const { return count == shape.batch_size; }
  // Steps whose input products are taken together.
  int steps_together() const {
    constexpr int kProductRows = 512;
    return side_by_side() || share.gathers ? std::max(1, kProductRows / count) : 1;
  }
  // The member's rows of some steps, from a (T,B,width) buffer, side by side.
  const Store* gather(const Store* src, int step, int steps, int columns, std::vector<Store>& gathered) const {
    const auto size = static_cast<size_t>(count) * static_cast<size_t>(columns);
    ensure_size(gathered, static_cast<size_t>(steps) * size);
    for (int k = 0; k < steps; ++k)
      std::copy_n(src + row(step + k) * static_cast<size_t>(columns), size,
                  gathered.data() + static_cast<size_t>(k) * size);
    return gathered.data();
  }
  void wait() const {
    if (share.team == nullptr) return;
    const ProfileScope scope(team_wait_timer);
    share.team->wait();
  }
  // Calls visit(slice index, scratch) for each of the member's slices.
  template <class Visit>
  void for_each_slice(const Visit& visit) const {
    for (int slice = share.slices.begin; slice < share.slices.end; ++slice)
      visit(static_cast<size_t>(slice), share.scratch[slice - share.slices.begin]);
  }
  // The same, backwards at every second step.
  template <class Visit>
  void for_each_slice_in_turn(int step, const Visit& visit) const {
    if (step % 2 == 0) return for_each_slice(visit);
    for (int slice = share.slices.end - 1; slice >= share.slices.begin; --slice)
      visit(static_cast<size_t>(slice), share.scratch[slice - share.slices.begin]);
  }
};

}  // namespace fude
