// The state of a training run, under a checksum that is right, and what is done with it when the run is resumed.
#include <vector>

#include "data/batcher.h"
#include "data/token_store.h"
#include "fude/model/language_model.h"
#include "fuzz/safetensors_bytes.h"
#include "model/model_file.h"
#include "nn/network.h"
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

const LanguageModel& small_model() {
  static const LanguageModel model = [] {
    const std::shared_ptr<const Tokenizer> tokenizer =
        train_tokenizer({.kind = "char"}, [](const TextSink& sink) { sink("abc"); });
    return LanguageModel({.embed_size = 2, .hidden_size = 3, .num_layers = 1}, tokenizer, 1);
  }();
  return model;
}

// A state of a small model: options and figures in a line each, arrays as a line of name, a byte of size and values.
std::string fitting_file(FuzzInput input) {
  static const std::vector<FuzzTensor> weights = [] {
    std::vector<FuzzTensor> tensors;
    const Parameters<float>& parameters = small_model().network().parameters();
    for (const TensorInfo& tensor : parameters.tensors())
      tensors.push_back(
          {tensor.name,
           tensor.shape,
           "F32",
           {reinterpret_cast<const char*>(parameters.value(tensor.name).data()), tensor.size * sizeof(float)}});
    return tensors;
  }();
  static const std::string config = to_json(small_model().config()), tokenizer = small_model().tokenizer().save().json;
  const std::string figures(input.line());
  std::vector<FuzzTensor> tensors = weights;
  while (!input.rest().empty() && tensors.size() < weights.size() + 8) {
    const std::string name(input.line());
    const size_t size = input.byte() % 16;
    tensors.push_back({name, {static_cast<int64_t>(size)}, "F32", floats_from(input.take(size * sizeof(float)), size)});
  }
  return safetensors_bytes(
      {{"config", config}, {"tokenizer", tokenizer}, {"state_version", "2"}, {"run", "{}"}, {"figures", figures}},
      tensors);
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  static const TokenStore store = small_store();
  static const MemoryFile file;
  const bool fits = input.byte() % 2 == 1;
  const std::filesystem::path path = file.hold(fits ? fitting_file(input) : std::string(input.rest())).path();
  const RunFigures figures = read_checkpoint(path).figures;

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

  std::vector<float> average(4);
  read_checkpoint_arrays(path, {{"average", average}});
  for (const float value : average) expect(value - value == 0, "averages are numbers");
}
