#include <iostream>

#include "fude/generate/generator.h"

int main() {
  const auto source = [](const fude::TextSink& sink) { sink("a brush writes"); };
  const fude::LanguageModel model({.embed_size = 8, .hidden_size = 8}, fude::train_tokenizer({}, source), /*seed=*/1);
  const fude::Generation text = fude::generate(model, {.prompt = "a brush ", .max_tokens = 20});
  std::cout << text.tokens << " tokens\n";
}
