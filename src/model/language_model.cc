#include "fude/model/language_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "compute/kernels/softmax.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "model/model_file.h"
#include "nn/cell.h"
#include "nn/memory.h"
#include "nn/network.h"
#include "nn/parameters.h"
#include "nn/workspace.h"

namespace fude {
namespace {

// Tokens read in one forward pass of feed(): enough for large products, small enough for a laptop's cache.
constexpr int kFeedWindow = 256;

// Asking the system takes longer than reading a model of this size.
constexpr size_t kAlwaysThere = size_t{1} << 20;

// What reading takes: the weights, their packed form and the buffers of a window.
void require_memory(const NetworkConfig& config, const std::string& where) {
  const PassShape reading{kFeedWindow, 1, false, false, {}};
  const size_t bytes =
      sizeof(float) * parameter_count(config) + packed_bytes(config, reading) + workspace_bytes(config, reading);
  if (bytes < kAlwaysThere) return;
  const int64_t available = available_bytes();
  if (exceeds(static_cast<int64_t>(bytes), available))
    throw MemoryError(where + ": the model " + memory_needed(static_cast<int64_t>(bytes), available),
                      "end other programs, or take a smaller model");
}

int64_t format_version(const SafetensorsFile& file) {
  const auto found = file.metadata().find("format_version");
  if (found == file.metadata().end()) return kModelFormatVersion;
  const Json version = parse_json(found->second, file.where() + ": format_version");
  if (!version.is_number_integer() || version < 1)
    throw FormatError(file.where() + ": format_version must be a number from 1 on, got " + to_text(version));
  return version.get<int64_t>();
}

std::string metadata_or(const SafetensorsFile& file, const std::string& key, const std::string& fallback) {
  const auto found = file.metadata().find(key);
  return found == file.metadata().end() ? fallback : found->second;
}

// The loss of a token under logits, in nats with its sign turned.
double log_prob(std::span<const float> logits, TokenId id) {
  float loss = 0;
  softmax_loss(1, static_cast<int>(logits.size()), logits.data(), &id, &loss);
  return -static_cast<double>(loss);
}

// Natural log of the probability of ids[1..] given ids[0].
double reading_log_prob(const LanguageModel& model, const std::vector<TokenId>& ids) {
  State state = model.start();
  double total = 0;
  for (const double value : model.feed(ids, state, {}))
    if (!std::isnan(value)) total += value;
  return total;
}

}  // namespace

std::filesystem::path find_model(const std::filesystem::path& path) {
  if (!file_exists(path))
    throw IoError("no model at " + path.string(), "give a .safetensors file or the folder of a training run");
  std::error_code no_folder;
  if (!std::filesystem::is_directory(path, no_folder)) return path;
  for (const char* const name : {"best.safetensors", "last.safetensors"})
    if (file_exists(path / name)) return path / name;
  throw IoError("no model in folder " + path.string() + ": neither best.safetensors nor last.safetensors",
                "training writes the first one at its first evaluation");
}

// Workspaces that steps borrow, so that a model is const and may be used from many threads.
class LanguageModel::WorkspacePool {
 public:
  std::unique_ptr<Workspace<float>> borrow() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Workspace<float>>();
    auto workspace = std::move(free_.back());
    free_.pop_back();
    return workspace;
  }
  void give_back(std::unique_ptr<Workspace<float>> workspace) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(workspace));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace<float>>> free_;
};

LanguageModel::LanguageModel() : pool_(std::make_unique<WorkspacePool>()) {}
LanguageModel::~LanguageModel() = default;
LanguageModel::LanguageModel(LanguageModel&&) noexcept = default;
LanguageModel& LanguageModel::operator=(LanguageModel&&) noexcept = default;

LanguageModel::LanguageModel(NetworkConfig config, std::shared_ptr<const Tokenizer> tokenizer, uint64_t seed,
                             const Initialization& init)
    : LanguageModel() {
  config.vocab_size = tokenizer->vocab_size();
  tokenizer_ = std::move(tokenizer);
  network_ = std::make_unique<Network<float>>(config);
  network_->initialize(seed, init);
}

LanguageModel LanguageModel::load(const std::filesystem::path& path, std::shared_ptr<const Tokenizer> tokenizer) {
  return load(SafetensorsFile(find_model(path)), std::move(tokenizer));
}

LanguageModel LanguageModel::load(const SafetensorsFile& file, std::shared_ptr<const Tokenizer> tokenizer) {
  if (const int64_t version = format_version(file); version > kModelFormatVersion)
    throw FormatError(file.where() + ": format version " + std::to_string(version) + ", this program reads up to " +
                          std::to_string(kModelFormatVersion),
                      "update Fude to open it");
  if (metadata_or(file, "format", "") == "fude-state")  // of version 1: later ones hold a model
    throw FormatError(file.where() + ": the state of a training run by an older Fude, which holds no model",
                      "the model is beside it: last.safetensors");
  check_content(file);
  LanguageModel model;
  const std::shared_ptr<const Tokenizer> inside = read_tokenizer(file);
  if (tokenizer != nullptr && inside != nullptr && tokenizer->fingerprint() != inside->fingerprint())
    throw FormatError(file.where() + ": it learned with another tokenizer: its own has the fingerprint " +
                          inside->fingerprint() + ", the one given " + tokenizer->fingerprint(),
                      "leave --tokenizer out: the model's own is inside");
  if (tokenizer == nullptr) tokenizer = inside;
  if (tokenizer == nullptr)
    throw FormatError(file.where() + ": no tokenizer inside",
                      "it was not written by Fude; keep the metadata \"tokenizer\" of the original when saving it");
  const std::string config_text = metadata_or(file, "config", "");
  const NetworkConfig config = config_text.empty() ? infer_network_config(file)
                                                   : network_config_from_json(config_text, file.where() + ": config");
  if (config.vocab_size != tokenizer->vocab_size())
    throw FormatError(file.where() + ": the network has " + std::to_string(config.vocab_size) +
                      " output symbols, the tokenizer " + std::to_string(tokenizer->vocab_size()));
  check_parameters(file, config);
  require_memory(config, file.where());
  model.network_ = std::make_unique<Network<float>>(config);
  read_parameters(file, model.network_->parameters());
  model.tokenizer_ = std::move(tokenizer);
  model.set_training_info(metadata_or(file, "training", "{}"), file.where() + ": training");
  return model;
}

void LanguageModel::save(const std::filesystem::path& path) const {
  AtomicFile file(path);
  write_model_file(file, *network_, *tokenizer_, {{"training", training_info_}, {"self_test", make_self_test()}});
  file.commit();
}

const NetworkConfig& LanguageModel::config() const { return network_->config(); }

int64_t LanguageModel::parameter_count() const { return static_cast<int64_t>(network_->parameters().values().size()); }

void LanguageModel::set_training_info(std::string json, const std::string& where) {
  const Json info = parse_json(json, where);
  if (!info.is_object()) throw FormatError(where + " is no JSON object");
  fallback_seen_ = get_or<bool>(info, "fallback_seen", true, where);
  training_info_ = std::move(json);
}

State LanguageModel::start(int batch_size) const {
  NetworkState<float> state = network_->make_state(batch_size);
  return {batch_size, std::move(state.h), std::move(state.c)};
}

void LanguageModel::check(std::span<const TokenId> ids, const State& state) const {
  const NetworkConfig& shape = config();
  const size_t size = static_cast<size_t>(shape.num_layers) * std::max(state.batch_size, 0) * shape.hidden_size;
  if (state.batch_size < 1 || state.h.size() != size || state.c.size() != (has_cell_state(shape.cell) ? size : 0))
    throw DataError("the state does not fit the model: " + std::to_string(state.h.size()) + " values, expected " +
                    std::to_string(size));
  for (const TokenId id : ids)
    if (id < 0 || id >= shape.vocab_size)
      throw DataError("token " + std::to_string(id) + " is outside the vocabulary of " +
                      std::to_string(shape.vocab_size));
}

void LanguageModel::step(std::span<const TokenId> ids, State& state, std::span<float> logits) const {
  check(ids, state);
  if (ids.size() != static_cast<size_t>(state.batch_size) ||
      logits.size() != ids.size() * static_cast<size_t>(config().vocab_size))
    throw DataError("step: " + std::to_string(ids.size()) + " tokens and " + std::to_string(logits.size()) +
                    " logits for a state of " + std::to_string(state.batch_size) + " rows");
  auto workspace = pool_->borrow();
  NetworkState<float> inner{state.batch_size, std::move(state.h), std::move(state.c)};
  network_->step(ids, inner, logits, *workspace);
  state.h = std::move(inner.h);
  state.c = std::move(inner.c);
  pool_->give_back(std::move(workspace));
}

std::vector<double> LanguageModel::feed(std::span<const TokenId> ids, State& state, std::span<float> logits) const {
  check(ids, state);
  const auto vocab = static_cast<size_t>(config().vocab_size);
  if (state.batch_size != 1 || (!logits.empty() && logits.size() != vocab))
    throw DataError("feed takes a state of one row and logits of the vocabulary's size or none");
  std::vector<double> log_probs;
  if (ids.empty()) return log_probs;
  log_probs.reserve(ids.size());
  log_probs.push_back(logits.empty() ? std::numeric_limits<double>::quiet_NaN() : log_prob(logits, ids[0]));

  auto workspace = pool_->borrow();
  NetworkState<float> inner{1, std::move(state.h), std::move(state.c)};
  std::vector<int32_t> targets;
  size_t steps = 0;
  for (size_t begin = 0; begin < ids.size(); begin += steps) {
    steps = std::min(size_t{kFeedWindow}, ids.size() - begin);
    targets.assign(steps, -1);
    const size_t known = std::min(steps, ids.size() - begin - 1);
    std::copy_n(ids.begin() + static_cast<std::ptrdiff_t>(begin) + 1, known, targets.begin());
    const Window window{static_cast<int>(steps), 1, ids.data() + begin, targets.data(), nullptr};
    network_->forward(window, inner, logits.empty() ? Logits::kNone : Logits::kLast, *workspace);
    for (size_t k = 0; k < known; ++k) log_probs.push_back(-static_cast<double>(workspace->output.loss[k]));
  }
  if (!logits.empty()) std::copy_n(workspace->last_logits, vocab, logits.data());
  state.h = std::move(inner.h);
  state.c = std::move(inner.c);
  pool_->give_back(std::move(workspace));
  return log_probs;
}

std::string LanguageModel::make_self_test() const {
  // A fixed walk over the vocabulary: it needs no text, so it fits every tokenizer.
  constexpr int kTokens = 32;
  std::vector<TokenId> ids;
  for (int k = 0; k < kTokens; ++k)
    ids.push_back(static_cast<TokenId>(derive_seed(0, static_cast<uint64_t>(k)) % config().vocab_size));
  return to_text(Json{{"tokens", ids}, {"log_prob", reading_log_prob(*this, ids)}});
}

LanguageModel::SelfTest LanguageModel::verify(const std::filesystem::path& path) {
  // Nats over the whole test: other CPUs round differently, and more so what diverged.
  constexpr double kTolerance = 1e-3, kRelativeTolerance = 1e-5;
  constexpr size_t kMostTokens = 10'000;
  const SafetensorsFile file(find_model(path));
  const LanguageModel model = load(file);
  const std::string text = metadata_or(file, "self_test", "");
  if (text.empty()) throw FormatError(file.where() + ": no self-test inside");
  const Json test = parse_json(text, file.where() + ": self_test");
  SelfTest result;
  result.expected = require<double>(test, "log_prob", file.where() + ": self_test");
  const auto tokens = require<std::vector<int>>(test, "tokens", file.where() + ": self_test");
  if (tokens.size() > kMostTokens)
    throw FormatError(file.where() + ": a self-test of " + std::to_string(tokens.size()) +
                      " tokens, expected at most " + std::to_string(kMostTokens));
  for (const int id : tokens)
    if (id < 0 || id >= model.config().vocab_size)
      throw FormatError(file.where() + ": token " + std::to_string(id) +
                        " of the self-test is outside the vocabulary of " + std::to_string(model.config().vocab_size));
  result.got = reading_log_prob(model, tokens);
  result.passed =
      std::abs(result.got - result.expected) <= std::max(kTolerance, kRelativeTolerance * std::abs(result.expected));
  return result;
}

}  // namespace fude
