// Writing with a model: a prompt in, text out as it appears, until a limit or a stop text.
//
//   fude::GenerateOptions options;
//   options.prompt = "Once upon a";
//   options.max_tokens = 200;
//   auto result = fude::generate(model, options, [](std::string_view piece) {
//     std::cout << piece << std::flush;
//     return true;
//   });
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
  std::string prompt = {};
  SamplerOptions sampler = {};
  uint64_t seed = 1;
  // Limits of what is written, the prompt not counted; the first one reached ends it. -1: off.
  int64_t max_tokens = 500;
  int64_t max_chars = -1;  // code points: the text is cut exactly there
  int64_t max_lines = -1;  // newlines: the text ends with the last one
  // Writing ends as soon as one of these is complete; it is not part of the text. One that begins in the prompt does
  // not count.
  std::vector<std::string> stop = {};
  // End at <eos>; false: <eos> is never drawn. With a whitespace tokenizer it ends a line and never the text.
  bool stop_at_eos = true;
  OnUnknown on_unknown = OnUnknown::kError;

  // Every problem at once as a ConfigError.
  void validate() const;
};

enum class StopReason { kEos, kLimit, kStop, kInterrupt };
std::string_view to_string(StopReason reason);  // eos limit stop interrupt

struct Generation {
  std::string text;  // without the prompt
  StopReason reason = StopReason::kLimit;
  // Tokens drawn, also those of which nothing is in the text: <eos>, a stop text, what a limit cut off.
  int64_t tokens = 0;
  int64_t code_points = 0;
  double log_prob = 0;  // natural log of the model's own probability (temperature 1, no truncation) of the tokens drawn
  // NaN when the text is empty.
  double bits_per_char() const;
};

// Receives text as soon as it is certain: whole characters, never the beginning of a stop text. False ends the writing.
using TextCallback = std::function<bool(std::string_view)>;

// What a text leaves behind in the one who continues it.
struct TextContext {
  State state;
  std::vector<float> logits;  // (V) of the token that follows; empty before the first token
  DecodeState decode;
};

// A story that grows: model, context, text. Copyable, so that undo and branches are copies of it.
class Writer {
 public:
  // `model` must outlive the writer. Byte fallback that training never saw is banned, and <unk> of ready SentencePiece
  // models.
  Writer(const LanguageModel& model, uint64_t seed);

  // Reads text without writing any; at the very start an empty text is begun with <eos>. Errors about its symbols call
  // it `name`. False: `stop` became true, and the writer is as it was.
  bool read(std::string_view text, OnUnknown policy = OnUnknown::kError, std::string_view name = "prompt",
            const std::atomic<bool>* stop = nullptr);
  // Writes on. options.prompt and options.seed are not used here. After an exception, one of the callback's too, the
  // writer is as it was.
  //
  // The context left behind is that of the text kept. When the text ends inside a token (a limit, a stop text, a
  // character whose bytes are not all there), the token is taken back and the part of it that was kept is read in its
  // place.
  Generation write(const GenerateOptions& options, const TextCallback& callback = {},
                   const std::atomic<bool>* stop = nullptr);

  // All that was read and written so far.
  const std::string& text() const { return text_; }
  // The text in exchange for another, while the context stays: for who keeps many writers of one story, and its text
  // once.
  std::string exchange_text(std::string text);
  uint64_t seed() const { return random_.seed(); }
  void reseed(uint64_t seed) { random_ = Random(seed); }
  // Log-probabilities (V) of the token that would follow.
  std::vector<float> next_log_probs() const;

  // Everything as bytes (context, text, random position, model fingerprint) and back. Total: a writer, or a FormatError
  // when it is not a session of this model.
  std::string save() const;
  static Writer restore(const LanguageModel& model, std::string_view bytes);
  // Whether `bytes` begin as save() makes them.
  static bool is_session(std::string_view bytes);

 private:
  const LanguageModel* model_;
  std::vector<TokenId> never_written_;
  TextContext context_;
  std::string text_;
  Random random_;
};

// One text from a prompt: Writer(model, seed), read, write.
Generation generate(const LanguageModel& model, const GenerateOptions& options, const TextCallback& callback = {},
                    const std::atomic<bool>* stop = nullptr);

// Equal for models that write the same: tokenizer, shape and weights in 32 hexadecimal digits. Reads all weights.
std::string fingerprint(const LanguageModel& model);

}  // namespace fude
