// What the kinds of cell differ in: the number of gates, and whether there is a cell state beside h.
#pragma once

#include "fude/nn/config.h"

namespace fude {

constexpr int gate_count(CellKind kind) { return kind == CellKind::kLstm ? 4 : kind == CellKind::kGru ? 3 : 1; }
constexpr bool has_cell_state(CellKind kind) { return kind == CellKind::kLstm; }

}  // namespace fude
