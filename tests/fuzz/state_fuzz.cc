// The state of a training run, under a checksum that is right, and what is done with it when the run is resumed.
#include <vector>

#include "base/hash.h"
#include "data/batcher.h"
#include "data/token_store.h"
#include "fuzz/safetensors_bytes.h"
#include "support/temp_dir.h"
#include "train/checkpoint.h"
#include "train/early_stop.h"

using namespace fude;

namespace {

constexpr int kTokens = 40;

TokenStore small_store() {
  static const TempDir folder;
  TokenStoreWriter writer(folder / "tokens", kTokens, "numbers");
  for (TokenId id = 0; id < kTokens; ++id) writer.append({&id, 1});
  writer.commit();
  return TokenStore(folder / "tokens");
}

// Figures in a line; arrays as a line of name, a byte of size and its values.
std::string fitting_file(FuzzInput input) {
  const std::string figures(input.line());
  std::map<std::string, std::string> arrays;
  while (!input.rest().empty() && arrays.size() < 8) {
    const std::string name(input.line());
    const size_t size = input.byte() % 16;
    arrays[name] = floats_from(input.take(size * sizeof(float)), size);
  }
  Hasher hasher;
  hasher.update(figures);
  std::vector<FuzzTensor> tensors;
  for (const auto& [name, bytes] : arrays) {
    hasher.update(name);
    hasher.update(bytes);
    tensors.push_back({name, {static_cast<int64_t>(bytes.size() / sizeof(float))}, "F32", bytes});
  }
  return safetensors_bytes(
      {{"format", "fude-state"}, {"format_version", "1"}, {"figures", figures}, {"checksum", hasher.hex()}}, tensors);
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  static const TokenStore store = small_store();
  static const MemoryFile file;
  const bool fits = input.byte() % 2 == 1;
  const std::filesystem::path path = file.hold(fits ? fitting_file(input) : std::string(input.rest())).path();
  const RunFigures figures = read_checkpoint_figures(path);

  Schedule schedule({}, 0.01, {1000, 100});
  schedule.set_plateau(figures.plateau);
  schedule.rate(figures.step, 0);
  schedule.on_evaluation(1);
  EarlyStop stop(3);
  stop.restore(figures.best_loss, figures.bad_evaluations);
  stop.is_best(1);
  Batcher batcher(store, {.batch_size = 3, .seq_length = 5, .random_length = figures.step % 2 == 0});
  batcher.seek(figures.cursor);
  Batch batch;
  for (int k = 0; k < 4; ++k) batcher.next(batch);

  std::vector<float> weights(4), average(4);
  read_checkpoint_arrays(path, {{"weights", weights}, {"average", average}});
  for (const float value : weights) expect(value - value == 0, "weights are numbers");
}
