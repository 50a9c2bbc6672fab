#include "model/model_file.h"

#include <cmath>

#include "base/hash.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "nn/cell.h"
#include "nn/parameters.h"

namespace fude {
namespace {

constexpr const char* kTokenizerTensor = "fude.tokenizer";
constexpr const char* kChecksum = "checksum";

// Over all metadata but itself and over the tensors: shows damage, and that a file was changed by hand.
std::string checksum_of(const std::map<std::string, std::string>& metadata,
                        const std::map<std::string, std::span<const std::byte>>& tensors) {
  Hasher hasher;
  for (const auto& [key, value] : metadata) {
    if (key == kChecksum) continue;
    hasher.update(key);
    hasher.update(value);
  }
  for (const auto& [name, bytes] : tensors) {
    hasher.update(name);
    hasher.update(bytes);
  }
  return hasher.hex();
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "(";
  for (size_t k = 0; k < shape.size(); ++k) text += (k == 0 ? "" : ",") + std::to_string(shape[k]);
  return text + ")";
}

const std::vector<int64_t>& shape_of_matrix(const SafetensorsFile& file, const std::string& name) {
  const auto& shape = file.at(name).shape;
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1 || shape[0] > 1 << 24 || shape[1] > 1 << 24)
    throw FormatError(file.where() + ": tensor \"" + name + "\" has shape " + shape_text(shape) +
                      ", expected a matrix");
  return shape;
}

}  // namespace

std::string to_json(const NetworkConfig& config) {
  return to_text(Json{{"cell", to_string(config.cell)},
                      {"vocab_size", config.vocab_size},
                      {"embed_size", config.embed_size},
                      {"hidden_size", config.hidden_size},
                      {"num_layers", config.num_layers},
                      {"tied", config.tied}});
}

NetworkConfig network_config_from_json(std::string_view json, const std::string& where) {
  const Json object = parse_json(json, where);
  NetworkConfig config;
  try {
    config.cell = parse_cell(require<std::string>(object, "cell", where));
    config.vocab_size = require<int>(object, "vocab_size", where);
    config.embed_size = require<int>(object, "embed_size", where);
    config.hidden_size = require<int>(object, "hidden_size", where);
    config.num_layers = require<int>(object, "num_layers", where);
    config.tied = require<bool>(object, "tied", where);
    config.validate();
  } catch (const ConfigError& error) {
    throw FormatError(where + ": " + error.what());
  }
  return config;
}

NetworkConfig infer_network_config(const SafetensorsFile& file) {
  NetworkConfig config;
  const auto& encoder = shape_of_matrix(file, "encoder.weight");
  config.vocab_size = static_cast<int>(encoder[0]);
  config.embed_size = static_cast<int>(encoder[1]);
  const auto& recurrent = shape_of_matrix(file, "rnn.weight_hh_l0");
  config.hidden_size = static_cast<int>(recurrent[1]);
  bool known = false;
  for (const CellKind cell : {CellKind::kLstm, CellKind::kGru, CellKind::kRnn}) {
    if (recurrent[0] != int64_t{gate_count(cell)} * config.hidden_size) continue;
    config.cell = cell;
    known = true;
  }
  if (!known)
    throw FormatError(file.where() + ": rnn.weight_hh_l0 has shape " + shape_text(recurrent) +
                      ", expected 4, 3 or 1 times as many rows as columns (lstm, gru, rnn)");
  config.num_layers = 0;
  while (file.find("rnn.weight_hh_l" + std::to_string(config.num_layers)) != nullptr) ++config.num_layers;
  config.tied = file.find("decoder.weight") == nullptr;
  try {
    config.validate();
  } catch (const ConfigError& error) {
    throw FormatError(file.where() + ": " + error.what());
  }
  return config;
}

void check_content(const SafetensorsFile& file) {
  const auto written = file.metadata().find(kChecksum);
  if (written == file.metadata().end()) return;
  std::map<std::string, std::span<const std::byte>> tensors;
  for (const auto& [name, tensor] : file.tensors()) tensors[name] = tensor.bytes;
  const std::string found = checksum_of(file.metadata(), tensors);
  if (found != written->second)
    throw FormatError(
        file.where() + ": damaged: its content has the checksum " + found + ", expected " + written->second,
        "bring the file back from a copy; if it was changed on purpose, leave \"checksum\" out of its "
        "metadata");
}

void check_parameters(const SafetensorsFile& file, const NetworkConfig& config) {
  for (const TensorInfo& tensor : parameter_layout(config)) {
    const TensorView& stored = file.at(tensor.name);
    if (stored.shape != tensor.shape)
      throw FormatError(file.where() + ": tensor \"" + tensor.name + "\" has shape " + shape_text(stored.shape) +
                        ", expected " + shape_text(tensor.shape));
  }
}

template <class Real>
void read_parameters(const SafetensorsFile& file, Parameters<Real>& parameters) {
  for (const TensorInfo& tensor : parameters.tensors()) {
    const std::string where = file.where() + ": tensor \"" + tensor.name + "\"";
    const std::vector<Real> values = file.at(tensor.name).values<Real>(where);
    for (const Real value : values)
      if (!std::isfinite(value)) throw FormatError(where + " holds a value that is not a finite number");
    std::copy(values.begin(), values.end(), parameters.value(tensor.name).begin());
  }
}

template void read_parameters(const SafetensorsFile&, Parameters<float>&);
template void read_parameters(const SafetensorsFile&, Parameters<double>&);

void write_model_file(AtomicFile& file, const Network<float>& network, const Tokenizer& tokenizer,
                      const std::map<std::string, std::string>& extra, const std::vector<NamedTensor>& more) {
  const TokenizerData data = tokenizer.save();
  std::map<std::string, std::string> metadata = extra;
  metadata["format"] = "fude";
  metadata["format_version"] = std::to_string(kModelFormatVersion);
  metadata["config"] = to_json(network.config());
  metadata["tokenizer"] = data.json;

  const auto& parameters = network.parameters();
  std::vector<NamedTensor> tensors = more;
  for (const TensorInfo& tensor : parameters.tensors())
    tensors.push_back(named_tensor<float>(tensor.name, tensor.shape, parameters.value(tensor.name)));
  if (!data.blob.empty()) {
    const std::span bytes(reinterpret_cast<const uint8_t*>(data.blob.data()), data.blob.size());
    tensors.push_back(named_tensor<uint8_t>(kTokenizerTensor, {static_cast<int64_t>(bytes.size())}, bytes));
  }
  std::map<std::string, std::span<const std::byte>> contents;
  for (const NamedTensor& named : tensors) contents[named.name] = named.tensor.bytes;
  metadata[kChecksum] = checksum_of(metadata, contents);
  write_safetensors(file, metadata, tensors);
}

std::unique_ptr<Tokenizer> read_tokenizer(const SafetensorsFile& file) {
  const auto found = file.metadata().find("tokenizer");
  if (found == file.metadata().end()) return nullptr;
  TokenizerData data{found->second, {}};
  if (const TensorView* const blob = file.find(kTokenizerTensor); blob != nullptr)
    data.blob.assign(reinterpret_cast<const char*>(blob->bytes.data()), blob->bytes.size());
  try {
    return load_tokenizer(data);
  } catch (const FormatError& error) {
    throw FormatError(file.where() + ": " + error.what(), error.hint());
  }
}

}  // namespace fude
