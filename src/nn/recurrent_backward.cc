#include "nn/recurrent_layer.h"

#include <algorithm>

#include "base/profile.h"
#include "compute/kernels/cells.h"
#include "compute/kernels/pointwise.h"
#include "nn/cell.h"
#include "nn/recurrent_places.h"

namespace fude {
namespace {

ProfileTimer input_timer("recurrent layers: input products, backward");
ProfileTimer state_timer("recurrent layers: state products, backward");
ProfileTimer cell_timer("recurrent layers: cells, backward");

template <class Real, class Store>
class BackwardPass {
 public:
  BackwardPass(const RecurrentShape& shape, const RecurrentShare<Real, Store>& share,
               const RecurrentWeights<Real, Store>& weights, const uint8_t* reset,
               RecurrentWorkspace<Real, Store>& workspace)
      : places_{shape, share}, weights_(weights), reset_(reset), workspace_(workspace) {}

  void run(const Real* diff_dst, Real* diff_src) {
    const int together = places_.steps_together(), steps = places_.shape.steps;
    for (int step = steps - 1; step >= 0; --step) {
      places_.for_each_slice([&](size_t slice, SliceScratch<Real, Store>& scratch) {
        retreat(slice, step, step + 1 == steps ? nullptr : scratch.through.data(), diff_dst);
      });
      places_.wait();  // the product below reads the gates of all units
      places_.for_each_slice_in_turn(step, [&](size_t slice, SliceScratch<Real, Store>& scratch) {
        const ProfileScope scope(state_timer);
        const size_t at = places_.row(step) * places_.hidden;
        for (size_t gate = 0; gate < places_.gates; ++gate)
          weights_.slices[slice].backward_hh[gate].multiply(
              {workspace_.state_gate(gate) + at, places_.count, places_.shape.hidden_size}, Real(gate > 0),
              {scratch.through.data(), places_.count, weights_.slices[slice].units.size()});
      });
      if (diff_src != nullptr && step % together == 0)
        input_gradients(step, std::min(together, steps - step), diff_src);
    }
    places_.for_each_slice([&](size_t slice, SliceScratch<Real, Store>& scratch) { leave(slice, scratch); });
  }

 private:
  CellShape cell_shape(size_t slice) const {
    return {places_.count, weights_.slices[slice].units.size(), places_.shape.hidden_size, workspace_.plane};
  }
  size_t at(size_t slice, int step) const {
    return places_.row(step) * places_.hidden + static_cast<size_t>(weights_.slices[slice].units.begin);
  }
  HiddenGradient<Real> hidden_gradient(size_t slice, int step, const Real* through, const Real* diff_dst) const {
    return {.diff_dst = diff_dst == nullptr ? nullptr : diff_dst + at(slice, step),
            .through = through,
            .mask = workspace_.masked ? workspace_.mask.data() + at(slice, 0) : nullptr,
            .reset = places_.reset(reset_, step + 1)};
  }

  void retreat(size_t slice, int step, const Real* through, const Real* diff_dst) const {
    const ProfileScope scope(cell_timer);
    Store* const gates = workspace_.gates.data() + at(slice, step);
    const auto h = hidden_gradient(slice, step, through, diff_dst);
    switch (places_.shape.cell) {
      case CellKind::kLstm:
        return cell_backward(cell_shape(slice),
                             LstmBackward<Real, Store>{.reset = places_.reset(reset_, step),
                                                       .src_c = workspace_.c.data() + at(slice, step),
                                                       .dst_c = workspace_.c.data() + at(slice, step + 1),
                                                       .gates = gates,
                                                       .diff_c = workspace_.diff_c.data() + at(slice, 0),
                                                       .h = h});
      case CellKind::kGru:
        return cell_backward(cell_shape(slice),
                             GruBackward<Real, Store>{.reset = places_.reset(reset_, step),
                                                      .src_h = workspace_.outputs.data() + at(slice, step),
                                                      .gates = gates,
                                                      .state_n = workspace_.state_n.data() + at(slice, step),
                                                      .past = workspace_.diff_h.data() + at(slice, 0),
                                                      .h = h});
      case CellKind::kRnn:
        return cell_backward(cell_shape(slice), RnnBackward<Real, Store>{.gates = gates, .h = h});
    }
  }

  // Of the rows of several steps: all of them where the member is alone with its rows, else its part.
  void input_gradients(int step, int steps, Real* diff_src) const {
    const ProfileScope scope(input_timer);
    const Team* const team = places_.share.team;
    const int rows = steps * places_.count;
    const Range part = team == nullptr ? Range{0, rows} : part_in_tiles(rows, team->size(), places_.share.member);
    const size_t first = places_.row(step) + static_cast<size_t>(part.begin);
    const int inputs = places_.shape.input_size;
    if (steps > 1 && !places_.side_by_side()) return gathered_input_gradients(step, steps, diff_src);
    for (size_t gate = 0; gate < places_.gates; ++gate)
      weights_.backward_ih[gate].multiply(
          {workspace_.input_gate(gate) + first * places_.hidden, part.size(), places_.shape.hidden_size},
          Real(gate > 0), {diff_src + first * static_cast<size_t>(inputs), part.size(), inputs});
  }

  void gathered_input_gradients(int step, int steps, Real* diff_src) const {
    SliceScratch<Real, Store>& scratch = *places_.share.scratch;
    const int inputs = places_.shape.input_size, rows = steps * places_.count;
    const auto step_size = static_cast<size_t>(places_.count) * static_cast<size_t>(inputs);
    ensure_size(scratch.products, static_cast<size_t>(steps) * step_size);
    for (size_t gate = 0; gate < places_.gates; ++gate) {
      const Store* const gates =
          places_.gather(workspace_.input_gate(gate), step, steps, places_.shape.hidden_size, scratch.gathered);
      weights_.backward_ih[gate].multiply({gates, rows, places_.shape.hidden_size}, Real(gate > 0),
                                          {scratch.products.data(), rows, inputs});
    }
    for (int k = 0; k < steps; ++k)
      std::copy_n(scratch.products.data() + static_cast<size_t>(k) * step_size, step_size,
                  diff_src + places_.row(step + k) * static_cast<size_t>(inputs));
  }

  // The gradient of the starting h.
  void leave(size_t slice, SliceScratch<Real, Store>& scratch) const {
    Real* const diff_h = workspace_.diff_h.data() + at(slice, 0);
    const auto h = hidden_gradient(slice, -1, scratch.through.data(), nullptr);
    if (places_.shape.cell != CellKind::kGru) return enter_backward(cell_shape(slice), h, diff_h);
    // A GRU's state has a second way out, past the product.
    ensure_size(scratch.products, static_cast<size_t>(places_.count) * places_.hidden);
    enter_backward(cell_shape(slice), h, scratch.products.data());
    for (int row = 0; row < places_.count; ++row) {
      Real* const line = diff_h + static_cast<size_t>(row) * places_.hidden;
      add(static_cast<size_t>(cell_shape(slice).units), line,
          scratch.products.data() + static_cast<size_t>(row) * places_.hidden, line);
    }
  }

  Places<Real, Store> places_;
  const RecurrentWeights<Real, Store>& weights_;
  const uint8_t* reset_;
  RecurrentWorkspace<Real, Store>& workspace_;
};

}  // namespace

template <class Real, class Store>
void recurrent_prepare_backward(const RecurrentShape& shape, RecurrentWorkspace<Real, Store>& workspace) {
  const size_t state_size = static_cast<size_t>(shape.batch_size) * static_cast<size_t>(shape.hidden_size);
  workspace.diff_h.assign(state_size, Real{0});
  workspace.diff_c.assign(has_cell_state(shape.cell) ? state_size : 0, Real{0});
}

template <class Real, class Store>
void recurrent_backward(const RecurrentShape& shape, const RecurrentShare<Real, Store>& share,
                        const RecurrentWeights<Real, Store>& weights, const uint8_t* reset, const Real* diff_dst,
                        Real* diff_src, RecurrentWorkspace<Real, Store>& workspace) {
  const Places<Real, Store> places{shape, share};
  places.for_each_slice([&](size_t slice, SliceScratch<Real, Store>& scratch) {
    ensure_size(scratch.through,
                static_cast<size_t>(places.count) * static_cast<size_t>(weights.slices[slice].units.size()));
  });
  BackwardPass<Real, Store>(shape, share, weights, reset, workspace).run(diff_dst, diff_src);
}

#define FUDE_INSTANTIATE(Real, Store)                                                                        \
  template void recurrent_prepare_backward(const RecurrentShape&, RecurrentWorkspace<Real, Store>&);         \
  template void recurrent_backward(const RecurrentShape&, const RecurrentShare<Real, Store>&,                \
                                   const RecurrentWeights<Real, Store>&, const uint8_t*, const Real*, Real*, \
                                   RecurrentWorkspace<Real, Store>&)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
