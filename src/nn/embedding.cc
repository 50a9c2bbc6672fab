#include "nn/embedding.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/profile.h"
#include "compute/kernels/pointwise.h"
#include "fude/base/threads.h"
#include "nn/cell.h"
#include "nn/division.h"

namespace fude {
namespace {

ProfileTimer embedding_timer("embedding of distinct symbols");
ProfileTimer product_timer("recurrent layers: input products of distinct symbols");
ProfileTimer back_product_timer("recurrent layers: input products of distinct symbols, backward");
ProfileTimer gradient_timer("embedding, backward");

// Columns of the embedding's gradient that are one task.
constexpr int kTaskColumns = 128;

constexpr int kBlock = WindowSymbols::kBlock;
static_assert(kBlock % kTile == 0);
// Blocks that are multiplied together, so that weights are read from far away once for all of them.
constexpr int kBlocksTogether = 4;

// Into how many parts the symbols' products are divided.
template <class Store>
int symbol_parts(const RecurrentShape& shape, int rows) {
  const int blocks = rows / kBlock;
  if (!products_are_independent<Store>(std::max(shape.input_size, shape.hidden_size))) return blocks;
  return parts_of(blocks, std::clamp(blocks / threads(), 1, kBlocksTogether));
}

}  // namespace

template <class Real, class Store>
void make_symbol_products(const RecurrentShape& shape, const RecurrentWeights<Real, Store>& weights,
                          const Real* embedding, Workspace<Real, Store>& workspace) {
  const WindowSymbols& symbols = workspace.symbols;
  const int blocks = symbols.rows() / kBlock, slices = static_cast<int>(weights.slices.size());
  const auto embed = static_cast<size_t>(shape.input_size), gates = static_cast<size_t>(gate_count(shape.cell));
  parallel_for(blocks, [&](int block) {
    const ProfileScope scope(embedding_timer);
    for (int row = block * kBlock; row < (block + 1) * kBlock; ++row) {
      Store* const dst = workspace.embedded.data() + static_cast<size_t>(row) * embed;
      if (row >= symbols.count()) {
        std::fill_n(dst, embed, Store{});
        continue;
      }
      const auto id = static_cast<size_t>(symbols.ids()[static_cast<size_t>(row)]);
      convert(embed, embedding + id * embed, dst);
    }
  });
  const int parts = symbol_parts<Store>(shape, symbols.rows());
  parallel_for(slices * parts, [&](int task) {
    const ProfileScope scope(product_timer);
    const auto& slice = weights.slices[static_cast<size_t>(task / parts)];
    const Range rows = part_in_tiles(symbols.rows(), parts, task % parts);
    const auto row = static_cast<size_t>(rows.begin);
    const size_t columns = gates * static_cast<size_t>(slice.units.size());
    const size_t before = gates * static_cast<size_t>(slice.units.begin) * static_cast<size_t>(symbols.rows());
    slice.forward_ih.multiply(
        {workspace.embedded.data() + row * embed, rows.size(), shape.input_size}, 0,
        {workspace.symbol_products.data() + before + row * columns, rows.size(), static_cast<int>(columns)});
  });
}

template <class Real, class Store>
void make_symbol_gradients(const RecurrentShape& shape, const RecurrentWeights<Real, Store>& weights,
                           Workspace<Real, Store>& workspace) {
  const auto embed = static_cast<size_t>(shape.input_size), hidden = static_cast<size_t>(shape.hidden_size);
  const int symbols = workspace.symbols.rows(), parts = symbol_parts<Store>(shape, symbols);
  const size_t plane = static_cast<size_t>(symbols) * hidden;
  parallel_for(parts, [&](int part) {
    const ProfileScope scope(back_product_timer);
    const Range rows = part_in_tiles(symbols, parts, part);
    const auto row = static_cast<size_t>(rows.begin);
    const Store* const gates = workspace.recurrent.front().symbol_gates.data() + row * hidden;
    for (size_t gate = 0; gate < weights.backward_ih.size(); ++gate)
      weights.backward_ih[gate].multiply({gates + gate * plane, rows.size(), shape.hidden_size}, Real(gate > 0),
                                         {workspace.diff_embedded.data() + row * embed, rows.size(), shape.input_size});
  });
}

template <class Real>
void add_embedding_gradients(std::span<const int32_t> ids, const Real* diff, int embed_size,
                             std::span<const int32_t> cleared, std::span<Real> grad) {
  const auto row_size = static_cast<size_t>(embed_size);
  const int tasks = parts_of(embed_size, kTaskColumns);
  parallel_for(tasks, [&](int task) {
    const ProfileScope scope(gradient_timer);
    const Range columns = part_of(embed_size, tasks, task);
    const auto at = static_cast<size_t>(columns.begin), size = static_cast<size_t>(columns.size());
    const auto row_of = [&](int32_t id) { return grad.data() + static_cast<size_t>(id) * row_size + at; };
    for (const int32_t id : cleared) std::fill_n(row_of(id), size, Real{0});
    for (size_t k = 0; k < ids.size(); ++k) {
      Real* const row = row_of(ids[k]);
      add(size, row, diff + k * row_size + at, row);
    }
  });
}

#define FUDE_INSTANTIATE(Real, Store)                                                                          \
  template void make_symbol_products(const RecurrentShape&, const RecurrentWeights<Real, Store>&, const Real*, \
                                     Workspace<Real, Store>&);                                                 \
  template void make_symbol_gradients(const RecurrentShape&, const RecurrentWeights<Real, Store>&,             \
                                      Workspace<Real, Store>&)
FUDE_INSTANTIATE(float, float);
FUDE_INSTANTIATE(float, BFloat16);
FUDE_INSTANTIATE(double, double);
#undef FUDE_INSTANTIATE
template void add_embedding_gradients(std::span<const int32_t>, const float*, int, std::span<const int32_t>,
                                      std::span<float>);
template void add_embedding_gradients(std::span<const int32_t>, const double*, int, std::span<const int32_t>,
                                      std::span<double>);

}  // namespace fude
