#include "nn/recurrent_layer.h"

#include <algorithm>

#include "base/profile.h"
#include "compute/kernels/cells.h"
#include "compute/kernels/pointwise.h"
#include "nn/cell.h"

namespace fude {
namespace {

ProfileTimer input_product_timer("recurrent layers: input products");
ProfileTimer state_product_timer("recurrent layers: state products");
ProfileTimer cell_timer("recurrent layers: cells");
ProfileTimer back_input_timer("recurrent layers: input products, backward");
ProfileTimer back_state_timer("recurrent layers: state products, backward");
ProfileTimer back_cell_timer("recurrent layers: cells, backward");
ProfileTimer wait_timer("recurrent layers: waiting for other threads");
ProfileTimer gradient_timer("weight gradients: recurrent layers");
ProfileTimer table_timer("weight gradients: table of symbols");

// Rows of an input product: so many steps are taken together, where their rows lie side by side.
constexpr int kProductRows = 512;
// Rows whose products' sum is one part of a weight gradient: more would not stay in the cache.
constexpr int kGradientRows = 768;

// A member's view of a layer's buffers.
template <class Real>
struct Places {
  const RecurrentShape& shape;
  const RecurrentShare<Real>& share;
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
  int steps_together() const { return count == shape.batch_size ? std::max(1, kProductRows / count) : 1; }
  void wait() const {
    if (share.team == nullptr) return;
    const ProfileScope scope(wait_timer);
    share.team->wait();
  }
  // Calls visit(slice index, scratch) for each of the member's slices.
  template <class Visit>
  void for_each_slice(const Visit& visit) const {
    for (int slice = share.slices.begin; slice < share.slices.end; ++slice)
      visit(static_cast<size_t>(slice), share.scratch[slice - share.slices.begin]);
  }
};

template <class Real, class Store>
class ForwardPass {
 public:
  ForwardPass(const RecurrentShape& shape, const RecurrentShare<Real>& share,
              const RecurrentWeights<Real, Store>& weights, const uint8_t* reset, Real* h,
              RecurrentWorkspace<Real, Store>& workspace)
      : places_{shape, share}, weights_(weights), reset_(reset), h_(h), workspace_(workspace) {}

  void run(const Store* src, const int32_t* ids, int carry) {
    const int together = places_.steps_together(), steps = places_.shape.steps;
    places_.for_each_slice(
        [&](size_t slice, SliceScratch<Real>&) { enter(cell_shape(slice), hidden_output(slice, -1)); });
    places_.wait();
    for (int step = 0; step < steps; ++step) {
      places_.for_each_slice([&](size_t slice, SliceScratch<Real>& scratch) {
        const int ahead = step % together;
        if (ahead == 0) input_products(slice, step, std::min(together, steps - step), src, ids, scratch);
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

  void input_products(size_t slice, int step, int steps, const Store* src, const int32_t* ids,
                      SliceScratch<Real>& scratch) const {
    const ProfileScope scope(input_product_timer);
    const int rows = steps * places_.count, inputs = places_.shape.input_size;
    const size_t first = places_.row(step);
    if (ids == nullptr)
      return weights_of(slice).forward_ih.multiply({src + first * static_cast<size_t>(inputs), rows, inputs}, 0,
                                                   {scratch.products.data(), rows, columns(slice)});
    Real* dst = scratch.products.data();
    for (int row = 0; row < rows; ++row) {
      const Real* const products = weights_.table.data() + static_cast<size_t>(ids[first + row]) * places_.width;
      for (size_t gate = 0; gate < places_.gates; ++gate, dst += unit_count(slice))
        std::copy_n(products + gate * places_.hidden + first_unit(slice), unit_count(slice), dst);
    }
  }

  // The recurrent product and the cell of one step.
  void advance(size_t slice, int step, Real* products, SliceScratch<Real>& scratch) const {
    const int hidden = places_.shape.hidden_size;
    const bool gru = places_.shape.cell == CellKind::kGru;
    {
      const ProfileScope scope(state_product_timer);
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

  Places<Real> places_;
  const RecurrentWeights<Real, Store>& weights_;
  const uint8_t* reset_;
  Real* h_;
  RecurrentWorkspace<Real, Store>& workspace_;
};

template <class Real, class Store>
class BackwardPass {
 public:
  BackwardPass(const RecurrentShape& shape, const RecurrentShare<Real>& share,
               const RecurrentWeights<Real, Store>& weights, const uint8_t* reset,
               RecurrentWorkspace<Real, Store>& workspace)
      : places_{shape, share}, weights_(weights), reset_(reset), workspace_(workspace) {}

  void run(const Real* diff_dst, Real* diff_src) {
    const int together = places_.steps_together(), steps = places_.shape.steps;
    for (int step = steps - 1; step >= 0; --step) {
      places_.for_each_slice([&](size_t slice, SliceScratch<Real>& scratch) {
        retreat(slice, step, step + 1 == steps ? nullptr : scratch.through.data(), diff_dst);
      });
      places_.wait();  // the product below reads the gates of all units
      places_.for_each_slice([&](size_t slice, SliceScratch<Real>& scratch) {
        const ProfileScope scope(back_state_timer);
        const size_t at = places_.row(step) * places_.hidden;
        for (size_t gate = 0; gate < places_.gates; ++gate)
          weights_.slices[slice].backward_hh[gate].multiply(
              {workspace_.state_gate(gate) + at, places_.count, places_.shape.hidden_size}, Real(gate > 0),
              {scratch.through.data(), places_.count, weights_.slices[slice].units.size()});
      });
      if (diff_src != nullptr && step % together == 0)
        input_gradients(step, std::min(together, steps - step), diff_src);
    }
    places_.for_each_slice([&](size_t slice, SliceScratch<Real>& scratch) { leave(slice, scratch); });
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
    const ProfileScope scope(back_cell_timer);
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

  // Of the rows of several steps: all of them where the member is alone with its rows, else its part, in whole runs of
  // rows, so that it does not depend on the team how they are taken together.
  void input_gradients(int step, int steps, Real* diff_src) const {
    constexpr int kRun = 64;
    const ProfileScope scope(back_input_timer);
    const Team* const team = places_.share.team;
    const int rows = steps * places_.count;
    Range part{0, rows};
    if (team != nullptr) {
      const Range runs = part_of((rows + kRun - 1) / kRun, team->size(), places_.share.member);
      part = {std::min(rows, runs.begin * kRun), std::min(rows, runs.end * kRun)};
    }
    const size_t first = places_.row(step) + static_cast<size_t>(part.begin);
    const int inputs = places_.shape.input_size;
    for (size_t gate = 0; gate < places_.gates; ++gate)
      weights_.backward_ih[gate].multiply(
          {workspace_.input_gate(gate) + first * places_.hidden, part.size(), places_.shape.hidden_size},
          Real(gate > 0), {diff_src + first * static_cast<size_t>(inputs), part.size(), inputs});
  }

  // The gradient of the starting h.
  void leave(size_t slice, SliceScratch<Real>& scratch) const {
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

  Places<Real> places_;
  const RecurrentWeights<Real, Store>& weights_;
  const uint8_t* reset_;
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
void recurrent_forward(const RecurrentShape& shape, const RecurrentShare<Real>& share,
                       const RecurrentWeights<Real, Store>& weights, const Store* src, const int32_t* ids,
                       const uint8_t* reset, int carry, Real* h, RecurrentWorkspace<Real, Store>& workspace) {
  const Places<Real> places{shape, share};
  const auto rows = static_cast<size_t>(places.count);
  places.for_each_slice([&](size_t slice, SliceScratch<Real>& scratch) {
    const size_t columns = places.gates * static_cast<size_t>(weights.slices[slice].units.size());
    const auto together = static_cast<size_t>(std::min(places.steps_together(), shape.steps));
    ensure_size(scratch.products, rows * together * columns);
    if (shape.cell == CellKind::kGru) ensure_size(scratch.products_h, rows * columns);
  });
  ForwardPass<Real, Store>(shape, share, weights, reset, h, workspace).run(src, ids, carry);
}

template <class Real, class Store>
void recurrent_prepare_backward(const RecurrentShape& shape, RecurrentWorkspace<Real, Store>& workspace) {
  const size_t state_size = static_cast<size_t>(shape.batch_size) * static_cast<size_t>(shape.hidden_size);
  workspace.diff_h.assign(state_size, Real{0});
  workspace.diff_c.assign(has_cell_state(shape.cell) ? state_size : 0, Real{0});
}

template <class Real, class Store>
void recurrent_backward(const RecurrentShape& shape, const RecurrentShare<Real>& share,
                        const RecurrentWeights<Real, Store>& weights, const uint8_t* reset, const Real* diff_dst,
                        Real* diff_src, RecurrentWorkspace<Real, Store>& workspace) {
  const Places<Real> places{shape, share};
  places.for_each_slice([&](size_t slice, SliceScratch<Real>& scratch) {
    ensure_size(scratch.through,
                static_cast<size_t>(places.count) * static_cast<size_t>(weights.slices[slice].units.size()));
  });
  BackwardPass<Real, Store>(shape, share, weights, reset, workspace).run(diff_dst, diff_src);
}

template <class Real, class Store>
void recurrent_weight_gradients(const RecurrentShape& shape, int gate, Range units, const Store* src,
                                const RecurrentGradients<Real>& gradients,
                                const RecurrentWorkspace<Real, Store>& workspace) {
  const ProfileScope scope(gradient_timer);
  const int inputs = shape.input_size, rows = shape.steps * shape.batch_size, count = units.size();
  const auto hidden = static_cast<size_t>(shape.hidden_size), first = static_cast<size_t>(units.begin);
  const size_t output = static_cast<size_t>(gate) * hidden + first;
  const Store* const input_gate = workspace.input_gate(static_cast<size_t>(gate));
  const Store* const state_gate = workspace.state_gate(static_cast<size_t>(gate));
  Real* const bias_hh = gradients.bias_hh + output;
  std::fill_n(bias_hh, count, Real{0});
  const int parts = (rows + kGradientRows - 1) / kGradientRows;
  for (int part = 0; part < parts; ++part) {
    const Range range = part_of(rows, parts, part);
    const int taken = range.size();
    const auto from = static_cast<size_t>(range.begin);
    const Real beta = part == 0 ? Real{0} : Real{1};
    const auto diffs = [&](const Store* plane) {
      return MatrixView<const Store>(plane + from * hidden + first, taken, count, shape.hidden_size);
    };
    gemm<Store, Real>(Transpose::kYes, Transpose::kNo, diffs(state_gate),
                      {workspace.entering.data() + from * hidden, taken, shape.hidden_size}, beta,
                      {gradients.weight_hh + output * hidden, count, shape.hidden_size});
    if (src != nullptr)
      gemm<Store, Real>(Transpose::kYes, Transpose::kNo, diffs(input_gate),
                        {src + from * static_cast<size_t>(inputs), taken, inputs}, beta,
                        {gradients.weight_ih + output * static_cast<size_t>(inputs), count, inputs});
    add_column_sums(diffs(state_gate), bias_hh);
  }
  Real* const bias_ih = gradients.bias_ih + output;
  if (input_gate == state_gate) {
    std::copy_n(bias_hh, count, bias_ih);
  } else {
    std::fill_n(bias_ih, count, Real{0});
    add_column_sums(MatrixView<const Store>(input_gate + first, rows, count, shape.hidden_size), bias_ih);
  }
}

template <class Real, class Store>
void recurrent_table_gradients(const RecurrentShape& shape, int gate, Range units, const int32_t* ids, int symbols,
                               const RecurrentWorkspace<Real, Store>& workspace, Real* diff_table) {
  const ProfileScope scope(table_timer);
  const auto hidden = static_cast<size_t>(shape.hidden_size), first = static_cast<size_t>(units.begin);
  const size_t width = static_cast<size_t>(gate_count(shape.cell)) * hidden;
  Real* const table = diff_table + static_cast<size_t>(gate) * hidden + first;
  for (size_t symbol = 0; symbol < static_cast<size_t>(symbols); ++symbol)
    std::fill_n(table + symbol * width, units.size(), Real{0});
  const Store* diff = workspace.input_gate(static_cast<size_t>(gate)) + first;
  for (int place = 0; place < shape.steps * shape.batch_size; ++place, diff += hidden)
    add_column_sums(MatrixView<const Store>(diff, 1, units.size()), table + static_cast<size_t>(ids[place]) * width);
}

#define FUDE_INSTANTIATE(Real, Store)                                                                                 \
  template void recurrent_prepare(const RecurrentShape&, const Real*, RecurrentWorkspace<Real, Store>&);              \
  template void recurrent_forward(const RecurrentShape&, const RecurrentShare<Real>&,                                 \
                                  const RecurrentWeights<Real, Store>&, const Store*, const int32_t*, const uint8_t*, \
                                  int, Real*, RecurrentWorkspace<Real, Store>&);                                      \
  template void recurrent_prepare_backward(const RecurrentShape&, RecurrentWorkspace<Real, Store>&);                  \
  template void recurrent_backward(const RecurrentShape&, const RecurrentShare<Real>&,                                \
                                   const RecurrentWeights<Real, Store>&, const uint8_t*, const Real*, Real*,          \
                                   RecurrentWorkspace<Real, Store>&);                                                 \
  template void recurrent_weight_gradients(const RecurrentShape&, int, Range, const Store*,                           \
                                           const RecurrentGradients<Real>&, const RecurrentWorkspace<Real, Store>&);  \
  template void recurrent_table_gradients(const RecurrentShape&, int, Range, const int32_t*, int,                     \
                                          const RecurrentWorkspace<Real, Store>&, Real*)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE

}  // namespace fude
