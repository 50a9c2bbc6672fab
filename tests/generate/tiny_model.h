// Models of a few thousand weights, for tests of writing.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fude/model/language_model.h"
#include "fude/text/tokenizer.h"
#include "nn/network.h"

namespace fude {

inline constexpr std::string_view kTinyText =
    "the lamp on the hill burned all night, and no one knew who'd lit it.\n"
    "in the morning the lamp was cold. the hill was only a hill.\n";

inline std::shared_ptr<const Tokenizer> tiny_tokenizer(const std::string& kind, std::string_view text = kTinyText) {
  TokenizerOptions options;
  options.kind = kind;
  return train_tokenizer(options, [text](const TextSink& sink) { sink(text); });
}

// Fresh weights: every token is about as probable as any other.
inline LanguageModel fresh_model(const std::string& kind, uint64_t seed = 1, std::string_view text = kTinyText) {
  NetworkConfig config;
  config.embed_size = 8;
  config.hidden_size = 16;
  LanguageModel model(config, tiny_tokenizer(kind, text), seed);
  model.set_training_info(R"({"fallback_seen": false})");
  return model;
}

// Writes only pairs of tokens that follow each other in `text` (<eos> before and after it), all as probable as another:
// each unit of the one layer stands for one token, and the output layer holds the table of pairs.
inline LanguageModel pair_model(const std::string& kind, std::string_view text) {
  std::shared_ptr<const Tokenizer> tokenizer = tiny_tokenizer(kind, text);
  const auto vocab = static_cast<size_t>(tokenizer->vocab_size());
  NetworkConfig config;
  config.cell = CellKind::kRnn;
  config.num_layers = 1;
  config.embed_size = config.hidden_size = tokenizer->vocab_size();
  LanguageModel model(config, tokenizer, 1);
  auto& parameters = model.network().parameters();
  std::fill(parameters.values().begin(), parameters.values().end(), 0.0f);
  for (const char* const name : {"encoder.weight", "rnn.weight_ih_l0"}) {
    for (size_t i = 0; i < vocab; ++i) parameters.value(name)[i * vocab + i] = 2;
  }
  std::vector<TokenId> ids = {tokenizer->eos()};
  tokenizer->encode(text, ids);
  ids.push_back(tokenizer->eos());
  for (size_t i = 0; i + 1 < ids.size(); ++i) {
    parameters.value("decoder.weight")[static_cast<size_t>(ids[i + 1]) * vocab + static_cast<size_t>(ids[i])] = 40;
  }
  return model;
}

}  // namespace fude
