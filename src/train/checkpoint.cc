#include "train/checkpoint.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/hash.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "model/safetensors.h"
#include "train/log.h"

namespace fude {
namespace {

constexpr const char* kFormat = "fude-state";
constexpr int kFormatVersion = 1;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Json to_json(const RunFigures& figures) {
  return {
      {"step", figures.step},
      {"tokens", figures.tokens},
      {"cursor", {figures.cursor.epoch, figures.cursor.offset, figures.cursor.window}},
      {"plateau_lr", figures.plateau.lr},
      {"plateau_best", number_or_null(figures.plateau.best)},
      {"plateau_bad", figures.plateau.bad},
      {"best_loss", number_or_null(figures.best_loss)},
      {"bad_evaluations", figures.bad_evaluations},
      {"evaluation_pending", figures.evaluation_pending},
      {"loss_sum", figures.loss_sum},
      {"loss_tokens", figures.loss_tokens},
      {"recent_loss", figures.recent_loss},
      {"lr", figures.lr},
      {"grad_norm", figures.grad_norm},
      {"seconds", figures.seconds},
      {"loss_seconds", figures.loss_seconds},
      {"best", figures.best ? to_json(*figures.best) : Json(nullptr)},
      {"log_size", figures.files.log},
      {"samples_size", figures.files.samples},
      {"data_digest", figures.data_digest},
      {"tokenizer_fingerprint", figures.tokenizer_fingerprint},
  };
}

RunFigures figures_from_json(const Json& json, const std::string& where) {
  RunFigures figures;
  figures.step = require<int64_t>(json, "step", where);
  figures.tokens = require<int64_t>(json, "tokens", where);
  const auto cursor = require<std::vector<int64_t>>(json, "cursor", where);
  if (cursor.size() != 3) throw FormatError(where + ": \"cursor\" must have 3 numbers");
  figures.cursor = {cursor[0], cursor[1], cursor[2]};
  figures.plateau.lr = require<double>(json, "plateau_lr", where);
  figures.plateau.best = number_or(json, "plateau_best", kInfinity, where);
  figures.plateau.bad = require<int>(json, "plateau_bad", where);
  figures.best_loss = number_or(json, "best_loss", kInfinity, where);
  figures.bad_evaluations = require<int>(json, "bad_evaluations", where);
  figures.evaluation_pending = require<bool>(json, "evaluation_pending", where);
  figures.loss_sum = require<double>(json, "loss_sum", where);
  figures.loss_tokens = require<int64_t>(json, "loss_tokens", where);
  figures.recent_loss = require<double>(json, "recent_loss", where);
  figures.lr = require<double>(json, "lr", where);
  figures.grad_norm = require<double>(json, "grad_norm", where);
  figures.seconds = require<double>(json, "seconds", where);
  figures.loss_seconds = require<double>(json, "loss_seconds", where);
  if (const Json best = require<Json>(json, "best", where); !best.is_null()) {
    figures.best = record_from_json(best, where + ": best");
    figures.best->best = true;
  }
  figures.files.log = require<int64_t>(json, "log_size", where);
  figures.files.samples = require<int64_t>(json, "samples_size", where);
  figures.data_digest = require<std::string>(json, "data_digest", where);
  figures.tokenizer_fingerprint = require<std::string>(json, "tokenizer_fingerprint", where);
  if (figures.step < 0 || figures.tokens < 0) throw FormatError(where + ": negative counts");
  return figures;
}

std::string checksum(const std::string& figures, const std::map<std::string, std::span<const std::byte>>& arrays) {
  Hasher hasher;
  hasher.update(figures);
  for (const auto& [name, bytes] : arrays) {
    hasher.update(name);
    hasher.update(bytes);
  }
  return hasher.hex();
}

// The file's metadata `key`, once format, version and checksum are known to be right.
std::string checked_figures(const SafetensorsFile& file) {
  const auto entry = [&](const char* key) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end())
      throw FormatError(file.where() + ": not the state of a training run (no \"" + key + "\")");
    return found->second;
  };
  if (entry("format") != kFormat) throw FormatError(file.where() + ": not the state of a training run");
  if (entry("format_version") != std::to_string(kFormatVersion))
    throw FormatError(file.where() + ": state of version " + entry("format_version") + ", this program reads version " +
                          std::to_string(kFormatVersion),
                      "resume with the version of Fude that began the run");
  const std::string figures = entry("figures");
  std::map<std::string, std::span<const std::byte>> arrays;
  for (const auto& [name, tensor] : file.tensors()) arrays[name] = tensor.bytes;
  if (checksum(figures, arrays) != entry("checksum"))
    throw FormatError(file.where() + ": damaged: the checksum does not fit the content",
                      "the models beside it can be the start of another run: --init-from");
  return figures;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const RunFigures& figures,
                      const std::vector<NamedSpan>& arrays) {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::span<const std::byte>> bytes;
  for (const NamedSpan& array : arrays) {
    const auto size = static_cast<int64_t>(array.values.size());
    tensors.push_back(named_tensor<float>(array.name, {size}, array.values));
    bytes[array.name] = tensors.back().tensor.bytes;
  }
  const std::string text = to_text(to_json(figures));
  write_safetensors(path,
                    {{"format", kFormat},
                     {"format_version", std::to_string(kFormatVersion)},
                     {"figures", text},
                     {"checksum", checksum(text, bytes)}},
                    tensors);
}

RunFigures read_checkpoint_figures(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  const std::string where = file.where() + ": figures";
  return figures_from_json(parse_json(checked_figures(file), where), where);
}

void read_checkpoint_arrays(const std::filesystem::path& path, const std::vector<NamedSpan>& arrays) {
  const SafetensorsFile file(path);
  checked_figures(file);
  for (const NamedSpan& array : arrays) {
    const std::vector<float> values = file.at(array.name).values<float>(array.name);
    if (values.size() != array.values.size())
      throw FormatError(file.where() + ": \"" + array.name + "\" has " + std::to_string(values.size()) +
                        " values, expected " + std::to_string(array.values.size()));
    std::copy(values.begin(), values.end(), array.values.begin());
  }
}

}  // namespace fude
