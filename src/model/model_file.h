// The model file: a safetensors file with PyTorch's tensor names, and in its metadata all that must be known to use it.
//
// Metadata keys: format ("fude"), format_version, config (JSON), tokenizer (JSON), training (JSON), self_test (JSON:
// tokens and the log-probability of reading them), checksum. A SentencePiece model is the U8 tensor "fude.tokenizer".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fude/nn/config.h"
#include "fude/text/tokenizer.h"
#include "model/safetensors.h"
#include "nn/network.h"

namespace fude {

inline constexpr int kModelFormatVersion = 1;

std::string to_json(const NetworkConfig& config);
NetworkConfig network_config_from_json(std::string_view json, const std::string& where);

// The configuration as the tensors themselves tell it: sizes from shapes, the cell from the number of gates, tied when
// there is no decoder.weight. For files that PyTorch wrote.
NetworkConfig infer_network_config(const SafetensorsFile& file);

// FormatError for a tensor of `config` that the file lacks or holds in another shape: before anything is allocated.
void check_parameters(const SafetensorsFile& file, const NetworkConfig& config);

// FormatError when a byte of tensors or metadata is not as it was written. Files without a checksum pass.
void check_content(const SafetensorsFile& file);

// Fills `parameters` from the file, checked before. FormatError for a type that is no floating type or a value that is
// not finite.
template <class Real>
void read_parameters(const SafetensorsFile& file, Parameters<Real>& parameters);

// All metadata and tensors of a model, to be committed by the caller. `extra` metadata and `more` tensors are written
// as given; who reads the file as a model does not see them.
void write_model_file(AtomicFile& file, const Network<float>& network, const Tokenizer& tokenizer,
                      const std::map<std::string, std::string>& extra, const std::vector<NamedTensor>& more = {});

// The tokenizer inside, or nullptr when the file has none.
std::unique_ptr<Tokenizer> read_tokenizer(const SafetensorsFile& file);

}  // namespace fude
