// Saved sessions under a checksum and a fingerprint that are right, and writing on from them.
#include <memory>
#include <vector>

#include "base/hash.h"
#include "fude/compute/backend.h"
#include "fude/generate/generator.h"
#include "fuzz/fuzz.h"
#include "generate/tiny_model.h"

using namespace fude;

namespace {

std::vector<LanguageModel> make_models() {
  set_backend("openblas");
  std::vector<LanguageModel> models;
  for (const char* const kind : {"char", "byte", "word", "whitespace"}) {
    TokenizerOptions options;
    options.kind = kind;
    if (options.kind == "word") options.letter_case = "factor";
    NetworkConfig config;
    config.embed_size = 2;
    config.hidden_size = 3;
    config.num_layers = 1;
    models.emplace_back(config, train_tokenizer(options, [](const TextSink& sink) { sink(kTinyText); }), 1);
  }
  return models;
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  static const std::vector<LanguageModel> models = make_models();
  const uint8_t choice = input.byte();
  const LanguageModel& model = models[choice % models.size()];
  std::string bytes(input.rest());
  if ((choice & 0x80) == 0) {
    static const std::vector<std::string> fingerprints = [] {
      std::vector<std::string> all;
      for (const LanguageModel& each : models) all.push_back(fingerprint(each));
      return all;
    }();
    const std::string body = fingerprints[choice % models.size()] + bytes;
    const uint32_t version = 1;
    const uint64_t checksum = hash64(body);
    bytes = "FUDESESS";
    bytes.append(reinterpret_cast<const char*>(&version), sizeof version);
    bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
    bytes += body;
  }
  Writer writer = Writer::restore(model, bytes);
  const std::string saved = writer.save();
  expect(Writer::restore(model, saved).save() == saved, "a session comes back as it was saved");
  writer.next_log_probs();
  writer.write({.max_tokens = 3});
  writer.read("the lamp", OnUnknown::kReplace);
  Writer::restore(model, writer.save());
}
