// What stands between symbols and the first recurrent layer's gates. Where a window repeats its symbols, the layer's
// input products and their gradients are made once for each distinct one.
#pragma once

#include <cstdint>
#include <span>

#include "nn/recurrent_layer.h"
#include "nn/workspace.h"

namespace fude {

// workspace.symbols, and embeddings (V,E) → workspace.embedded, a row a symbol, and workspace.symbol_products.
template <class Real, class Store>
void make_symbol_products(const RecurrentShape& shape, const RecurrentWeights<Real, Store>& weights,
                          const Real* embedding, Workspace<Real, Store>& workspace);

// The first layer's symbol_gates → workspace.diff_embedded, a row a symbol.
template <class Real, class Store>
void make_symbol_gradients(const RecurrentShape& shape, const RecurrentWeights<Real, Store>& weights,
                           Workspace<Real, Store>& workspace);

// grad (V,E) += diff (N,E), each row to its symbol's of `ids` (N), after the rows `cleared` of it have become zero.
template <class Real>
void add_embedding_gradients(std::span<const int32_t> ids, const Real* diff, int embed_size,
                             std::span<const int32_t> cleared, std::span<Real> grad);

}  // namespace fude
