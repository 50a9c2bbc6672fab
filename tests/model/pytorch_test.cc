// Model files from either side: one that PyTorch wrote is read here, one that Fude wrote was read by PyTorch. Both have
// their logits, computed by PyTorch, beside them (tests/golden/make_models.py).
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/model/language_model.h"
#include "model/safetensors.h"

namespace fude {
namespace {

std::string golden(const std::string& name) { return std::string(FUDE_GOLDEN_DIR) + "/models/" + name; }

std::shared_ptr<const Tokenizer> byte_tokenizer() {
  TokenizerOptions options;
  options.kind = "byte";
  return train_tokenizer(options, [](const TextSink& sink) { sink("text"); });
}

void expect_logits(const LanguageModel& model, const std::string& name) {
  const SafetensorsFile expected(golden(name));
  const TensorView& input = expected.at("input");
  std::vector<int64_t> ids(input.size());
  std::memcpy(ids.data(), input.bytes.data(), input.bytes.size());
  const auto values = expected.at("logits").values<float>("logits");
  const auto vocab = static_cast<size_t>(model.config().vocab_size);
  ASSERT_EQ(values.size(), ids.size() * vocab);
  State state = model.start();
  std::vector<float> logits(vocab);
  for (size_t step = 0; step < ids.size(); ++step) {
    const auto id = static_cast<TokenId>(ids[step]);
    model.step({&id, 1}, state, logits);
    for (size_t k = 0; k < vocab; ++k) ASSERT_NEAR(logits[k], values[step * vocab + k], 2e-6) << step << "," << k;
  }
}

TEST(PyTorchFile, Load_GivesItsLogits) {
  const LanguageModel model = LanguageModel::load(golden("pytorch_gru.safetensors"), byte_tokenizer());
  EXPECT_EQ(model.config(), (NetworkConfig{.cell = CellKind::kGru,
                                           .vocab_size = 257,
                                           .embed_size = 6,
                                           .hidden_size = 10,
                                           .num_layers = 2,
                                           .tied = false}));
  expect_logits(model, "pytorch_gru.logits.safetensors");
}

TEST(PyTorchFile, WithoutTokenizer_SaysSo) {
  try {
    LanguageModel::load(golden("pytorch_gru.safetensors"));
    FAIL() << "no error";
  } catch (const FormatError& error) {
    EXPECT_NE(std::string(error.what()).find("no tokenizer"), std::string::npos) << error.what();
  }
}

TEST(FudeFile, PyTorchReads_TheSameLogits) {
  // Written by LanguageModel(config, byte tokenizer, seed 5).save(): 2 layers of 12 LSTM units, embeddings of 8.
  const LanguageModel model = LanguageModel::load(golden("fude_lstm.safetensors"));
  expect_logits(model, "fude_lstm.logits.safetensors");
}

TEST(FudeFile, FreshModel_IsStillTheOneCommitted) {
  const LanguageModel stored = LanguageModel::load(golden("fude_lstm.safetensors"));
  const LanguageModel fresh({.cell = CellKind::kLstm, .embed_size = 8, .hidden_size = 12, .num_layers = 2},
                            byte_tokenizer(), 5);
  State a = stored.start(), b = fresh.start();
  std::vector<float> from_stored(257), from_fresh(257);
  const TokenId id = 70;
  stored.step({&id, 1}, a, from_stored);
  fresh.step({&id, 1}, b, from_fresh);
  for (size_t k = 0; k < 257; ++k) EXPECT_NEAR(from_stored[k], from_fresh[k], 1e-6);
}

}  // namespace
}  // namespace fude
