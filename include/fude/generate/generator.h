// Writing with a model: a prompt in, text out as it appears, until a limit or a stop text.
//
//   fude::GenerateOptions options;
//   options.prompt = "Once upon a";
//   options.max_tokens = 200;
//   auto result = fude::generate(model, options, [](std::string_view piece) { std::cout << piece << std::flush; return true; });
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fude/generate/sampler.h"
#include "fude/model/language_model.h"

namespace fude {

struct GenerateOptions {
  std::string prompt;
  SamplerOptions sampler;
  uint64_t seed = 1;
  // Limits of what is written, the prompt not counted; the first one reached ends it. -1: off.
  int64_t max_tokens = 500;
  int64_t max_chars = -1;  // code points: the text is cut exactly there
  int64_t max_lines = -1;  // newlines
  // Writing ends before the first of these (it is not part of the text).
  std::vector<std::string> stop;
  // End at <eos>; false: <eos> is never drawn (whitespace tokenizers excepted, where it ends a line and never the text).
  bool stop_at_eos = true;
  OnUnknown on_unknown = OnUnknown::kError;

  void validate() const;
};

enum class StopReason { kEos, kLimit, kStop, kInterrupt };
std::string_view to_string(StopReason reason);  // eos limit stop interrupt

struct Generation {
  std::string text;  // without the prompt
  StopReason reason = StopReason::kLimit;
  int64_t tokens = 0;
  int64_t code_points = 0;
  double log_prob = 0;  // natural log of the model's own probability (temperature 1, no truncation) of the tokens drawn
  double bits_per_char() const;
};

// Receives text as soon as it is certain (whole characters, never the beginning of a stop text); false ends the writing.
using TextCallback = std::function<bool(std::string_view)>;

// A story that grows: model, state, what follows. Copyable, so that undo and branches are copies of it.
class Writer {
 public:
  // `model` must outlive the writer. Tokens never seen in training (byte fallback, when the corpus had none) are banned.
  Writer(const LanguageModel& model, uint64_t seed);

  // Reads text without writing any; at the very start an empty text is begun with <eos>.
  void read(std::string_view text, OnUnknown policy = OnUnknown::kError);
  // Writes on. options.prompt and options.seed are not used here.
  Generation write(const GenerateOptions& options, const TextCallback& callback = {}, const std::atomic<bool>* stop = nullptr);

  // All that was read and written so far.
  const std::string& text() const { return text_; }
  uint64_t seed() const { return random_.seed(); }
  void reseed(uint64_t seed) { random_ = Random(seed); }
  // Log-probabilities (V) of the token that would follow.
  std::vector<float> next_log_probs() const;

  // Everything as bytes (state, text, random position, model fingerprint) and back; total, FormatError when it is not a session of
  // this model.
  std::string save() const;
  static Writer restore(const LanguageModel& model, std::string_view bytes);

 private:
  const LanguageModel* model_;
  State state_;
  std::vector<float> logits_;  // empty before the first token
  std::string text_;
  Random random_;
};

// One text from a prompt: Writer(model, seed), read, write.
Generation generate(const LanguageModel& model, const GenerateOptions& options, const TextCallback& callback = {},
                    const std::atomic<bool>* stop = nullptr);

}  // namespace fude
