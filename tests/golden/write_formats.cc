// Writes a file of each format of Fude's own, in its present version, into a folder. When a format changes, the next
// folder is made; the files of the folders before stay as they were written.
//   ninja -C build write_formats && build/tests/write_formats tests/golden/formats/v2
#include <filesystem>
#include <iostream>
#include <vector>

#include "base/file.h"
#include "data/token_store.h"
#include "fude/base/error.h"
#include "fude/generate/generator.h"
#include "fude/train/options.h"
#include "text/tokenizer_file.h"
#include "train/checkpoint.h"

namespace fude {
namespace {

constexpr std::string_view kText = "A lamp, a page, a brush: 筆は墨を飲む。\nThe page keeps what the hand forgets.\n";

void write_all_formats(const std::filesystem::path& folder) {
  TokenizerOptions options;
  options.kind = "word";
  options.letter_case = "factor";
  const std::shared_ptr<const Tokenizer> tokenizer =
      train_tokenizer(options, [](const TextSink& sink) { sink(kText); });
  save_tokenizer_file(*tokenizer, folder / "tokenizer.json");

  TokenStoreWriter tokens(folder / "tokens.store", tokenizer->vocab_size(), "the key");
  tokens.append(tokenizer->encode("A lamp, a page"));
  tokens.end_document();
  tokens.append(tokenizer->encode("a brush"));
  tokens.commit();

  LanguageModel model({.cell = CellKind::kGru, .embed_size = 3, .hidden_size = 4, .num_layers = 2}, tokenizer, 5);
  model.set_training_info(R"({"fallback_seen":true,"step":12})");
  model.save(folder / "model.safetensors");

  Writer writer(model, 7);
  writer.read("A lamp");
  writer.write({.max_tokens = 9});
  write_file(folder / "story.session", writer.save());

  RunFigures figures;
  figures.step = 12;
  figures.tokens = 3456;
  figures.cursor = {2, 64, 12};
  figures.plateau.lr = 1e-3;
  figures.best_loss = 1.5;
  figures.evaluation_pending = true;
  figures.loss_sum = 0.25;
  figures.best = EvaluationRecord{.step = 10, .val_loss = 1.5};
  figures.files = {100, 200};
  figures.data_digest = "d";
  std::vector<float> average = {1, -2, 3.5f}, state = {0.25f};
  AtomicFile file(folder / "last.state");
  write_checkpoint(file, model, R"({"options":{}})", figures, {{"average", average}, {"state.h", state}});
  file.commit();

  TrainOptions training;
  training.corpus.inputs = {"page.txt"};
  training.tokenizer = options;
  training.network.cell = CellKind::kGru;
  training.steps = 12;
  write_file(folder / "options.json", to_json(training));
}

}  // namespace
}  // namespace fude

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_formats FOLDER\n";
    return 2;
  }
  try {
    fude::write_all_formats(argv[1]);
  } catch (const fude::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
