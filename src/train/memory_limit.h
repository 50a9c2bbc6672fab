// Whether a run fits in memory, asked before it takes any.
#pragma once

#include <cstdint>
#include <string>

#include "fude/train/options.h"

namespace fude {

// What a run may still be told in other words: everything, its batches alone (it goes on from a model), or nothing (it
// is resumed).
enum class Changeable { kAll, kBatch, kNothing };

// MemoryError, with flags that would fit, when the run takes more than there is. options.network and batch are those of
// the run; `there`: bytes of the estimate that are taken already. Returns what a person should know where the estimate
// is just above what is available: empty when there is room.
std::string require_memory(const TrainOptions& options, bool evaluates, int64_t there, Changeable changeable);

// The same before the text is read: of weights and optimizer alone, which need a new network and any vocabulary.
void require_memory_for_weights(const TrainOptions& options);

}  // namespace fude
