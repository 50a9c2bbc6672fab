#include "fude/generate/generator.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/problems.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "generate/draft.h"
#include "generate/stop_matcher.h"
#include "nn/network.h"

namespace fude {
namespace {

// Counts characters and lines up to their limits.
class TextLimit {
 public:
  TextLimit(int64_t max_chars, int64_t max_lines) : chars_left_(max_chars), lines_left_(max_lines) {}

  bool reached() const { return chars_left_ == 0 || lines_left_ == 0; }

  // The part of `text` that is within the limits.
  std::string_view take(std::string_view text) {
    size_t end = 0;
    while (end < text.size() && !reached()) {
      const bool newline = next_code_point(text, end) == U'\n';
      if (chars_left_ > 0) --chars_left_;
      if (lines_left_ > 0 && newline) --lines_left_;
    }
    return text.substr(0, end);
  }

 private:
  int64_t chars_left_;  // negative: no limit
  int64_t lines_left_;
};

// Tokens that the text it learned from never showed, and what stands for no text.
std::vector<TokenId> never_written(const LanguageModel& model) {
  const Tokenizer& tokenizer = model.tokenizer();
  std::vector<TokenId> ids;
  for (TokenId id = 0; id < tokenizer.vocab_size(); ++id) {
    if (!tokenizer.is_writable(id) || (!model.fallback_seen() && tokenizer.is_fallback(id))) ids.push_back(id);
  }
  return ids;
}

}  // namespace

void GenerateOptions::validate() const {
  Problems problems;
  problems.of(sampler);
  const auto check_limit = [&](const std::string& name, int64_t limit) {
    problems.unless(limit >= -1, name + " must be 0 or more, or -1 (off), got " + std::to_string(limit));
  };
  check_limit("max_tokens", max_tokens);
  check_limit("max_chars", max_chars);
  check_limit("max_lines", max_lines);
  for (const std::string& text : stop) {
    problems.unless(!text.empty(), "a stop text must not be empty");
    if (const size_t bad = find_invalid_utf8(text); bad != kValidUtf8)
      problems.add("a stop text is not valid UTF-8 at byte " + std::to_string(bad));
  }
  problems.raise();
}

std::string_view to_string(StopReason reason) {
  switch (reason) {
    case StopReason::kEos:
      return "eos";
    case StopReason::kLimit:
      return "limit";
    case StopReason::kStop:
      return "stop";
    case StopReason::kInterrupt:
      return "interrupt";
  }
  return "";
}

double Generation::bits_per_char() const {
  if (code_points == 0) return std::numeric_limits<double>::quiet_NaN();
  return -log_prob / std::numbers::ln2 / static_cast<double>(code_points);
}

Writer::Writer(const LanguageModel& model, uint64_t seed)
    : model_(&model), never_written_(never_written(model)), random_(seed) {}

bool Writer::read(std::string_view text, OnUnknown policy, std::string_view name, const std::atomic<bool>* stop) {
  TextContext context = context_;
  if (!read_context(*model_, text, policy, name, context, stop)) return false;
  context_ = std::move(context);
  text_ += text;
  return true;
}

Generation Writer::write(const GenerateOptions& options, const TextCallback& callback, const std::atomic<bool>* stop) {
  options.validate();
  const TokenId eos = model_->tokenizer().eos();
  const bool eos_is_newline = model_->tokenizer().splits_on_whitespace();
  const bool eos_ends = options.stop_at_eos && !eos_is_newline;
  std::vector<TokenId> banned = never_written_;
  if (!options.stop_at_eos && !eos_is_newline) banned.push_back(eos);

  Sampler sampler(options.sampler, std::move(banned));
  StopMatcher matcher(options.stop);
  TextLimit limit(options.max_chars, options.max_lines);
  begin_context(*model_, context_);
  Draft draft(*model_, context_);
  Random random = random_;
  Generation result;
  bool wanted = true;
  const auto release = [&](const std::string& text) {
    result.text += text;
    if (callback && !text.empty()) wanted = callback(text);
  };

  size_t drafted = 0;  // bytes within the limits, held back ones included
  while (true) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) {
      result.reason = StopReason::kInterrupt;
      break;
    }
    if (limit.reached() || result.tokens == options.max_tokens) break;
    const TokenId id = sampler.sample(draft.logits(), random);
    ++result.tokens;
    result.log_prob += draft.logits()[static_cast<size_t>(id)] - log_sum_exp(draft.logits());
    if (id == eos && eos_ends) {
      result.reason = StopReason::kEos;
      break;
    }
    const std::string characters = draft.push(id);
    const std::string_view piece = limit.take(characters);
    drafted += piece.size();
    release(matcher.push(piece));
    if (matcher.matched() || !wanted) {
      result.reason = matcher.matched() ? StopReason::kStop : StopReason::kInterrupt;
      break;
    }
    if (result.text.size() == drafted && piece.size() == characters.size()) draft.settle();
  }
  if (wanted) release(matcher.finish());

  context_ = draft.finish(result.text.size());
  random_ = random;
  text_ += result.text;
  result.code_points = static_cast<int64_t>(count_code_points(result.text));
  return result;
}

std::string Writer::exchange_text(std::string text) { return std::exchange(text_, std::move(text)); }

std::vector<float> Writer::next_log_probs() const {
  TextContext context = context_;
  begin_context(*model_, context);
  log_softmax(context.logits);
  return std::move(context.logits);
}

Generation generate(const LanguageModel& model, const GenerateOptions& options, const TextCallback& callback,
                    const std::atomic<bool>* stop) {
  options.validate();
  Writer writer(model, options.seed);
  writer.read(options.prompt, options.on_unknown);
  return writer.write(options, callback, stop);
}

std::string fingerprint(const LanguageModel& model) {
  const NetworkConfig& config = model.config();
  Hasher hasher;
  hasher.update(model.tokenizer().fingerprint());
  hasher.update(to_string(config.cell));
  for (const int value :
       {config.vocab_size, config.embed_size, config.hidden_size, config.num_layers, int{config.tied}}) {
    hasher.update(bytes_of(value));
  }
  hasher.update(std::as_bytes(model.network().parameters().values()));
  return hasher.hex();
}

}  // namespace fude
