// fude inspect: what is in a model file.
#include "base/json.h"
#include "commands.h"
#include "fude/generate/generator.h"
#include "model_flags.h"
#include "nn/network.h"
#include "terminal.h"

namespace fude {
namespace {

std::string shape_text(const TensorInfo& tensor) {
  std::string text;
  for (const int64_t size : tensor.shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

// "a.b.c  value" for each value below `json`; lists of plain values on one line.
void append_rows(const Json& json, const std::string& name, std::string& out) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) append_rows(value, name.empty() ? key : name + "." + key, out);
  } else {
    const std::string value = json.is_string() ? json.get<std::string>() : to_text(json);
    out += "  " + pad_right(escape(name), 34) + " " + escape(value) + "\n";
  }
}

// `limit` pieces; -1: all.
std::vector<std::string> pieces(const Tokenizer& tokenizer, int limit) {
  std::vector<std::string> texts;
  for (TokenId id = 0; id < tokenizer.vocab_size() && (limit < 0 || id < limit); ++id) {
    if (limit >= 0 && tokenizer.is_fallback(id)) {
      ++limit;
      continue;
    }
    texts.push_back(tokenizer.display(id));
  }
  return texts;
}

Json network_json(const NetworkConfig& config) {
  return {{"cell", to_string(config.cell)},    {"vocab_size", config.vocab_size}, {"embed_size", config.embed_size},
          {"hidden_size", config.hidden_size}, {"num_layers", config.num_layers}, {"tied", config.tied}};
}

std::string as_json(const LanguageModel& model, const std::string& path, int piece_limit,
                    const LanguageModel::SelfTest* test) {
  Json tensors = Json::array();
  for (const TensorInfo& tensor : model.network().parameters().tensors())
    tensors.push_back({{"name", tensor.name}, {"shape", tensor.shape}});
  const Tokenizer& tokenizer = model.tokenizer();
  Json json = {{"model", path},
               {"fingerprint", fingerprint(model)},
               {"network", network_json(model.config())},
               {"parameters", model.parameter_count()},
               {"tensors", tensors},
               {"tokenizer",
                {{"kind", tokenizer.kind()},
                 {"vocab_size", tokenizer.vocab_size()},
                 {"fingerprint", tokenizer.fingerprint()},
                 {"pieces", pieces(tokenizer, piece_limit)}}},
               {"training", parse_json(model.training_info(), path + ": training")}};
  if (test != nullptr) json["self_test"] = {{"expected", test->expected}, {"got", test->got}, {"passed", test->passed}};
  return to_pretty_text(json);
}

std::string as_text(const LanguageModel& model, const std::string& path, int piece_limit) {
  const NetworkConfig& config = model.config();
  const Tokenizer& tokenizer = model.tokenizer();
  std::string out = path + "\n\nnetwork     " + std::string(to_string(config.cell)) + ", " +
                    counted(config.num_layers, "layer") + " of " + std::to_string(config.hidden_size) + ", embedding " +
                    std::to_string(config.embed_size) + (config.tied ? ", tied" : "") + "\nparameters  " +
                    with_commas(model.parameter_count()) + "\nfingerprint " + fingerprint(model) + "\n";
  for (const TensorInfo& tensor : model.network().parameters().tensors())
    out += "  " + pad_right(tensor.name, 34) + " " + shape_text(tensor) + "\n";
  out += "\ntokenizer   " + std::string(tokenizer.kind()) + ", " + with_commas(tokenizer.vocab_size()) + " tokens\n ";
  for (const std::string& piece : pieces(tokenizer, piece_limit)) out += " " + (piece == " " ? "space" : escape(piece));
  out += "\n";
  std::string training;
  append_rows(parse_json(model.training_info(), path + ": training"), "", training);
  return out + "\ntraining" + (training.empty() ? "    not known\n" : "\n" + training);
}

}  // namespace

int inspect_command(const std::vector<std::string>& arguments) {
  ModelFlags model_flags;
  std::string format = "text";
  int piece_limit = 60;
  bool verify = false;
  Flags flags("inspect", "[MODEL]", "Shows what is in a model file: network, parameters, tokenizer, training.");
  model_flags.add_to(flags);
  flags.section("Output");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "json"}), "text | json");
  flags.add("pieces", {}, "N", bind(piece_limit), "tokens of the vocabulary to show; -1: all");
  flags.add("verify", {}, "", bind(verify), "run the self-test in the file; exit code 1 when it fails");
  flags.example("fude inspect runs/story");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  std::vector<std::string> positionals = flags.positionals();
  const LanguageModel model = model_flags.load(positionals);
  require_no_more(positionals);

  const std::string& path = model_flags.model;
  LanguageModel::SelfTest test;
  if (verify) test = LanguageModel::verify(path);
  put(format == "json" ? as_json(model, path, piece_limit, verify ? &test : nullptr)
                       : as_text(model, path, piece_limit));
  if (!verify) return 0;
  say("self-test " + std::string(test.passed ? "passed" : "failed") + ": log-probability " + fixed(test.got, 6) +
      ", stored " + fixed(test.expected, 6));
  return test.passed ? 0 : 1;
}

}  // namespace fude
