// Model files: what loads must step, write and be looked at.
#include <cmath>
#include <vector>

#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "fude/generate/generator.h"
#include "fude/model/language_model.h"
#include "fuzz/safetensors_bytes.h"
#include "model/model_file.h"
#include "nn/network.h"

using namespace fude;

namespace {

constexpr size_t kMostValues = size_t{1} << 16;

// A file whose tensors have the shapes that its configuration asks for.
std::string fitting_file(FuzzInput input) {
  const std::string config(input.line()), tokenizer(input.line()), training(input.line()), self_test(input.line());
  std::vector<FuzzTensor> tensors;
  if (const std::string_view blob = input.take(input.number<uint16_t>()); !blob.empty())
    tensors.push_back({"fude.tokenizer", {static_cast<int64_t>(blob.size())}, "U8", std::string(blob)});
  const std::vector<TensorInfo> layout = parameter_layout(network_config_from_json(config, "config"));
  if (layout.back().offset + layout.back().size > kMostValues) return {};
  for (const TensorInfo& tensor : layout)
    tensors.push_back({tensor.name, tensor.shape, "F32", floats_from(input.rest(), tensor.size)});
  return safetensors_bytes(
      {{"config", config}, {"tokenizer", tokenizer}, {"training", training}, {"self_test", self_test}}, tensors);
}

// The first byte says how far the rest is meant to fit.
std::string file_of(FuzzInput input) {
  switch (input.byte() % 3) {
    case 0:
      return std::string(input.rest());
    case 1: {
      const std::string_view header = input.line();
      return with_length(header, input.rest());
    }
    default:
      return fitting_file(input);
  }
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  set_backend("openblas");  // oneDNN makes code for every shape, which takes longer than all the rest
  set_threads(1);           // and what waits for work would take it from another fuzzer
  static const MemoryFile file;
  const std::filesystem::path path = file.hold(file_of(input)).path();
  const LanguageModel model = LanguageModel::load(path);
  for (const float weight : model.network().parameters().values()) expect(std::isfinite(weight), "weights are numbers");
  expect(model.config().vocab_size == model.tokenizer().vocab_size(), "network and tokenizer have the same symbols");

  State state = model.start();
  std::vector<float> logits(static_cast<size_t>(model.config().vocab_size));
  for (const TokenId id : {0, model.config().vocab_size - 1}) model.step({&id, 1}, state, logits);
  for (TokenId id = 0; id < std::min(model.config().vocab_size, 300); ++id) model.tokenizer().display(id);
  fingerprint(model);
  try {
    Writer writer(model, 1);
    writer.read("so it was", OnUnknown::kReplace);
    writer.write({.max_tokens = 4});
  } catch (const Error&) {
  }
  LanguageModel::verify(path);
}
