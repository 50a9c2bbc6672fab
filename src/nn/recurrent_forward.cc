#include "nn/recurrent_layer.h"

#include <algorithm>

#include "base/profile.h"
#include "compute/kernels/cells.h"
#include "nn/cell.h"
#include "nn/recurrent_places.h"

namespace fude {
namespace {

ProfileTimer input_timer("recurrent layers: input products");
ProfileTimer state_timer("recurrent layers: state products");
ProfileTimer cell_timer("recurrent layers: cells");

template <class Real, class Store>
class ForwardPass {
 public:
  ForwardPass(const RecurrentShape& shape, const RecurrentShare<Real, Store>& share,
              const RecurrentWeights<Real, Store>& weights, const ProductTable<Real>& table, const uint8_t* reset,
              Real* h, RecurrentWorkspace<Real, Store>& workspace)
      : places_{shape, share}, weights_(weights), table_(table), reset_(reset), h_(h), workspace_(workspace) {}

  void run(const Store* src, int carry) {
    const int together = table_.products != nullptr ? 1 : places_.steps_together(), steps = places_.shape.steps;
    places_.for_each_slice(
        [&](size_t slice, SliceScratch<Real, Store>&) { enter(cell_shape(slice), hidden_output(slice, -1)); });
    places_.wait();
    for (int step = 0; step < steps; ++step) {
      places_.for_each_slice_in_turn(step, [&](size_t slice, SliceScratch<Real, Store>& scratch) {
        const int ahead = step % together;
        if (ahead == 0) input_products(slice, step, std::min(together, steps - step), src, scratch);
        const size_t before = static_cast<size_t>(ahead * places_.count) * static_cast<size_t>(columns(slice));
        advance(slice, step, scratch.products.data() + before, scratch);
        if (step + 1 == carry && carry < steps) keep_carried(slice);
      });
      places_.wait();
    }
  }

 private:
  const UnitSlice<Real, Store>& weights_of(size_t slice) const { return weights_.slices[slice]; }
  // Where the slice's units begin, and how many they are.
  size_t first_unit(size_t slice) const { return static_cast<size_t>(weights_of(slice).units.begin); }
  size_t unit_count(size_t slice) const { return static_cast<size_t>(weights_of(slice).units.size()); }
  int columns(size_t slice) const { return static_cast<int>(places_.gates * unit_count(slice)); }
  CellShape cell_shape(size_t slice) const {
    return {places_.count, weights_of(slice).units.size(), places_.shape.hidden_size, workspace_.plane};
  }
  size_t at(size_t slice, int step) const { return places_.row(step) * places_.hidden + first_unit(slice); }

  // Of `step`; -1: of what came before the window.
  HiddenOutput<Real, Store> hidden_output(size_t slice, int step) const {
    const bool last = step + 1 == places_.shape.steps;
    return {.state = h_ + at(slice, 0),
            .dst = workspace_.outputs.data() + at(slice, step + 1),
            .entering = last ? nullptr : workspace_.entering.data() + at(slice, step + 1),
            .mask = workspace_.masked ? workspace_.mask.data() + at(slice, 0) : nullptr,
            .reset = places_.reset(reset_, step + 1)};
  }

  void input_products(size_t slice, int step, int steps, const Store* src, SliceScratch<Real, Store>& scratch) const {
    const ProfileScope scope(input_timer);
    const int rows = steps * places_.count, inputs = places_.shape.input_size;
    if (table_.products == nullptr) {
      const bool apart = steps > 1 && !places_.side_by_side();
      const Store* const rows_src = apart ? places_.gather(src, step, steps, inputs, scratch.gathered)
                                          : src + places_.row(step) * static_cast<size_t>(inputs);
      return weights_of(slice).forward_ih.multiply({rows_src, rows, inputs}, 0,
                                                   {scratch.products.data(), rows, columns(slice)});
    }
    const size_t width = static_cast<size_t>(columns(slice));
    const Real* const products = table_.products + static_cast<size_t>(table_.rows) * places_.gates * first_unit(slice);
    const int32_t* const index = table_.index + places_.row(step);
    for (size_t row = 0; row < static_cast<size_t>(places_.count); ++row)
      std::copy_n(products + static_cast<size_t>(index[row]) * width, width, scratch.products.data() + row * width);
  }

  // The recurrent product and the cell of one step.
  void advance(size_t slice, int step, Real* products, SliceScratch<Real, Store>& scratch) const {
    const int hidden = places_.shape.hidden_size;
    const bool gru = places_.shape.cell == CellKind::kGru;
    {
      const ProfileScope scope(state_timer);
      const Store* const entering = workspace_.entering.data() + places_.row(step) * places_.hidden;
      weights_of(slice).forward_hh.multiply(
          {entering, places_.count, hidden}, gru ? Real{0} : Real{1},
          {gru ? scratch.products_h.data() : products, places_.count, columns(slice)});
    }
    const ProfileScope scope(cell_timer);
    const size_t first = first_unit(slice);
    Store* const gates = workspace_.gates.data() + at(slice, step);
    const auto out = hidden_output(slice, step);
    switch (places_.shape.cell) {
      case CellKind::kLstm:
        return cell_forward(cell_shape(slice),
                            LstmForward<Real, Store>{.products = products,
                                                     .bias = weights_.bias.data() + first,
                                                     .reset = places_.reset(reset_, step),
                                                     .src_c = workspace_.c.data() + at(slice, step),
                                                     .dst_c = workspace_.c.data() + at(slice, step + 1),
                                                     .gates = gates,
                                                     .h = out});
      case CellKind::kGru:
        return cell_forward(cell_shape(slice),
                            GruForward<Real, Store>{.products_x = products,
                                                    .products_h = scratch.products_h.data(),
                                                    .bias_x = weights_.bias_ih + first,
                                                    .bias_h = weights_.bias_hh + first,
                                                    .reset = places_.reset(reset_, step),
                                                    .gates = gates,
                                                    .state_n = workspace_.state_n.data() + at(slice, step),
                                                    .h = out});
      case CellKind::kRnn:
        return cell_forward(cell_shape(slice),
                            RnnForward<Real, Store>{
                                .products = products, .bias = weights_.bias.data() + first, .gates = gates, .h = out});
    }
  }

  void keep_carried(size_t slice) const {
    for (int row = 0; row < places_.count; ++row) {
      const size_t from = at(slice, 0) + static_cast<size_t>(row) * places_.hidden;
      std::copy_n(h_ + from, unit_count(slice), workspace_.carried.data() + from);
    }
  }

  Places<Real, Store> places_;
  const RecurrentWeights<Real, Store>& weights_;
  const ProductTable<Real>& table_;
  const uint8_t* reset_;
  Real* h_;
  RecurrentWorkspace<Real, Store>& workspace_;
};

}  // namespace

template <class Real, class Store>
void recurrent_prepare(const RecurrentShape& shape, const Real* start_c, RecurrentWorkspace<Real, Store>& workspace) {
  const auto hidden = static_cast<size_t>(shape.hidden_size);
  const auto gates = static_cast<size_t>(gate_count(shape.cell));
  const size_t state_size = static_cast<size_t>(shape.batch_size) * hidden;
  const size_t rows = static_cast<size_t>(shape.steps) * static_cast<size_t>(shape.batch_size);
  workspace.plane = rows * hidden;
  workspace.has_state_n = shape.cell == CellKind::kGru;
  ensure_size(workspace.gates, gates * workspace.plane);
  ensure_size(workspace.entering, rows * hidden);
  ensure_size(workspace.outputs, rows * hidden + state_size);
  ensure_size(workspace.carried, state_size);
  if (workspace.has_state_n) ensure_size(workspace.state_n, workspace.plane);
  if (has_cell_state(shape.cell)) {
    ensure_size(workspace.c, rows * hidden + state_size);
    std::copy_n(start_c, state_size, workspace.c.data());
  }
}

template <class Real, class Store>
void recurrent_forward(const RecurrentShape& shape, const RecurrentShare<Real, Store>& share,
                       const RecurrentWeights<Real, Store>& weights, const Store* src, const ProductTable<Real>& table,
                       const uint8_t* reset, int carry, Real* h, RecurrentWorkspace<Real, Store>& workspace) {
  const Places<Real, Store> places{shape, share};
  const auto rows = static_cast<size_t>(places.count);
  places.for_each_slice([&](size_t slice, SliceScratch<Real, Store>& scratch) {
    const size_t columns = places.gates * static_cast<size_t>(weights.slices[slice].units.size());
    const auto together = static_cast<size_t>(std::min(places.steps_together(), shape.steps));
    ensure_size(scratch.products, rows * together * columns);
    if (shape.cell == CellKind::kGru) ensure_size(scratch.products_h, rows * columns);
  });
  ForwardPass<Real, Store>(shape, share, weights, table, reset, h, workspace).run(src, carry);
}

#define FUDE_INSTANTIATE(Real, Store)                                                                            \
  template void recurrent_prepare(const RecurrentShape&, const Real*, RecurrentWorkspace<Real, Store>&);         \
  template void recurrent_forward(const RecurrentShape&, const RecurrentShare<Real, Store>&,                     \
                                  const RecurrentWeights<Real, Store>&, const Store*, const ProductTable<Real>&, \
                                  const uint8_t*, int, Real*, RecurrentWorkspace<Real, Store>&)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
