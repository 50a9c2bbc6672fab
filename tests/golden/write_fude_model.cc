// Writes models/fude_lstm.safetensors, the model file that PyTorch is given to read: fresh weights, a byte tokenizer.
//   ninja -C build write_fude_model && build/tests/write_fude_model tests/golden/models/fude_lstm.safetensors
#include <iostream>

#include "fude/base/error.h"
#include "fude/model/language_model.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_fude_model FILE\n";
    return 2;
  }
  try {
    fude::TokenizerOptions options;
    options.kind = "byte";
    const fude::NetworkConfig config{.cell = fude::CellKind::kLstm, .embed_size = 8, .hidden_size = 12, .num_layers = 2};
    fude::LanguageModel(config, fude::train_tokenizer(options, [](const fude::TextSink& sink) { sink("text"); }), 5)
        .save(argv[1]);
  } catch (const fude::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
