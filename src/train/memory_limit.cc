#include "train/memory_limit.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "text/tokenizer_kinds.h"
#include "train/plan.h"
#include "train/precision.h"

namespace fude {
namespace {

// Fewer weights than any vocabulary brings; and, for what would fit, as many symbols as a text in letters has.
constexpr int kFewSymbols = 2, kSomeSymbols = 100;

// Threads' stacks and heaps, and what libraries of products map: oneDNN code for shapes, OpenBLAS a buffer a thread.
// The one falls over where it gets no room for that, the other waits for it without end.
int64_t address_space() {
  constexpr int64_t kMost = int64_t{128} << 20;
  return backend() == Backend::kOpenBlas ? kMost * (1 + threads()) : kMost;
}

// A number of the options that decides how much memory is taken, and the least that is still of use.
struct Remedy {
  const char* flag;
  int& (*number)(TrainOptions&);
  int least;
  bool of_network;
};

constexpr Remedy kRemedies[] = {
    {"--batch-size", [](TrainOptions& options) -> int& { return options.batch.batch_size; }, 1, false},
    {"--seq-length", [](TrainOptions& options) -> int& { return options.batch.seq_length; }, 16, false},
    {"--hidden-size", [](TrainOptions& options) -> int& { return options.network.hidden_size; }, 32, true},
    {"--vocab-size", [](TrainOptions& options) -> int& { return options.network.vocab_size; }, 500, true},
};

bool applies(const Remedy& remedy, const TrainOptions& options, Changeable changeable) {
  if (!remedy.of_network) return true;
  const TokenizerKind* const kind = find_tokenizer_kind(options.tokenizer.kind);
  const bool learns_size = kind != nullptr && kind->smallest_vocabulary > 0;
  return changeable == Changeable::kAll && (learns_size || std::string_view(remedy.flag) != "--vocab-size");
}

// "--batch-size 8 would do", with every flag that does alone, or else the largest preset that does.
std::string suggest(const TrainOptions& options, bool evaluates, int64_t room, Changeable changeable) {
  if (changeable == Changeable::kNothing)
    return "a resumed run takes what it took: end other programs, or begin a run of smaller batches from its model "
           "(--init-from)";
  const auto fits = [&](const TrainOptions& changed) { return estimate_memory(changed, evaluates) <= room; };
  std::string flags;
  for (const Remedy& remedy : kRemedies) {
    if (!applies(remedy, options, changeable)) continue;
    TrainOptions changed = options;
    int& number = remedy.number(changed);
    while (number / 2 >= remedy.least && !fits(changed)) {
      number /= 2;
      changed.batch.stride = std::min(changed.batch.stride, changed.batch.seq_length);
    }
    if (fits(changed)) flags += (flags.empty() ? "" : " or ") + std::string(remedy.flag) + " " + std::to_string(number);
  }
  if (!flags.empty()) return flags + " would fit";
  std::vector<std::string> presets = changeable == Changeable::kAll ? preset_names() : std::vector<std::string>{};
  std::reverse(presets.begin(), presets.end());  // the largest first
  for (const std::string& preset : presets) {
    TrainOptions changed = options;
    apply_preset(preset, changed);
    if (fits(changed)) return "--preset " + preset + " would fit";
  }
  const std::string none = "no smaller batch or window would fit: ";
  if (address_space_is_limited()) return none + "raise the limit of address space (ulimit -v)";
  return none + "end other programs, or take a machine with more memory";
}

}  // namespace

std::string require_memory(const TrainOptions& options, bool evaluates, int64_t there, Changeable changeable) {
  const int64_t needed = estimate_memory(options, evaluates) - there, available = available_bytes(address_space());
  const std::string what = "training " + memory_needed(needed, available);
  if (exceeds(needed, available)) throw MemoryError(what, suggest(options, evaluates, available + there, changeable));
  return needed > available ? what + ": it may not suffice" : "";
}

void require_memory_for_weights(const TrainOptions& options) {
  if (!options.init_from.empty()) return;
  TrainOptions least = options;
  least.network.vocab_size = kFewSymbols;
  least.precision = resolve_precision(options.precision, least.network);
  least.batch.batch_size = least.batch.seq_length = 1;
  least.batch.stride = 0;
  const int64_t needed = estimate_memory(least, false), available = available_bytes(address_space());
  if (!exceeds(needed, available)) return;
  TrainOptions likely = options;
  likely.precision = least.precision;
  likely.network.vocab_size = std::max(options.tokenizer.vocab_size, kSomeSymbols);
  throw MemoryError("the network alone " + memory_needed(needed, available),
                    suggest(likely, true, available, Changeable::kAll));
}

}  // namespace fude
