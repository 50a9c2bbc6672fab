// A trained language model: immutable; the recurrent state is a value that the caller holds.
//
//   const auto model = fude::LanguageModel::load("story.safetensors");
//   fude::State state = model.start();
//   std::vector<float> logits(model.tokenizer().vocab_size());
//   for (fude::TokenId id : model.tokenizer().encode("Once upon a"))
//     model.step({&id, 1}, state, logits);                 // logits of the token that follows
//   fude::State fork = state;                              // a few KiB: undo, branches and sessions are copies
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fude/nn/config.h"
#include "fude/text/tokenizer.h"

namespace fude {

class SafetensorsFile;
template <class Real>
class Network;

// The whole context of `batch_size` independent texts: h and, for LSTM, c, each (L, batch, H) row-major.
struct State {
  int batch_size = 1;
  std::vector<float> h;
  std::vector<float> c;
};

// The file that is loaded for `path`: itself, or of a run directory the best model, else the last. IoError when there
// is none.
std::filesystem::path find_model(const std::filesystem::path& path);

class LanguageModel {
 public:
  // A new network with fresh weights. Shares `tokenizer`, whose vocabulary size becomes the network's.
  LanguageModel(NetworkConfig config, std::shared_ptr<const Tokenizer> tokenizer, uint64_t seed,
                const Initialization& init = {});
  // What find_model() finds. Total: a model or an IoError / FormatError / MemoryError. A file that PyTorch wrote has no
  // tokenizer: give one. FormatError when the file has another one inside.
  static LanguageModel load(const std::filesystem::path& path, std::shared_ptr<const Tokenizer> tokenizer = nullptr);
  ~LanguageModel();
  LanguageModel(LanguageModel&&) noexcept;
  LanguageModel& operator=(LanguageModel&&) noexcept;

  // Writes one file (formats: safetensors with PyTorch's names), replaced atomically.
  void save(const std::filesystem::path& path) const;

  const NetworkConfig& config() const;
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  std::shared_ptr<const Tokenizer> shared_tokenizer() const { return tokenizer_; }
  int64_t parameter_count() const;

  // A zero state.
  State start(int batch_size = 1) const;
  // Feeds one token to each row of `state`; logits (batch, V) of the tokens that follow. Thread-safe.
  void step(std::span<const TokenId> ids, State& state, std::span<float> logits) const;
  // Feeds many tokens to a state of one row and returns the natural log-probability of each, given all before it. The
  // first has none before it in this call, so its own comes from `logits` (V) when that is not empty, else NaN stands
  // for it. On return `logits` (when not empty) holds those of the token that follows.
  std::vector<double> feed(std::span<const TokenId> ids, State& state, std::span<float> logits) const;

  // What training left in the file, as a JSON object: options, corpus digest, steps, best validation figures; "{}" when
  // unknown.
  const std::string& training_info() const { return training_info_; }
  // FormatError that begins with `where` when `json` is none.
  void set_training_info(std::string json, const std::string& where = "the training information");
  // Whether it learned to write the tokenizer's fallback tokens (Tokenizer::is_fallback); true when unknown.
  bool fallback_seen() const { return fallback_seen_; }

  // Reads the self-test of a model file again: tokens whose log-probability was stored when the model was saved.
  struct SelfTest {
    double expected = 0, got = 0;  // nats
    bool passed = false;
  };
  static SelfTest verify(const std::filesystem::path& path);

  // For the trainer and for evaluation.
  static LanguageModel load(const SafetensorsFile& file, std::shared_ptr<const Tokenizer> tokenizer = nullptr);
  Network<float>& network() { return *network_; }
  const Network<float>& network() const { return *network_; }

 private:
  class WorkspacePool;

  LanguageModel();
  void check(std::span<const TokenId> ids, const State& state) const;
  std::string make_self_test() const;

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::unique_ptr<Network<float>> network_;
  std::unique_ptr<WorkspacePool> pool_;
  std::string training_info_ = "{}";
  bool fallback_seen_ = true;
};

}  // namespace fude
