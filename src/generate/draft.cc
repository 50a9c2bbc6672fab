#include "generate/draft.h"

#include <utility>

#include "fude/text/unicode.h"

namespace fude {

void begin_context(const LanguageModel& model, TextContext& context) {
  if (!context.logits.empty()) return;
  const TokenId eos = model.tokenizer().eos();
  std::vector<float> logits(static_cast<size_t>(model.tokenizer().vocab_size()));
  context.state = model.start();
  model.step({&eos, 1}, context.state, logits);
  context.logits = std::move(logits);
}

bool read_context(const LanguageModel& model, std::string_view text, OnUnknown policy, std::string_view name,
                  TextContext& context, const std::atomic<bool>* stop) {
  constexpr size_t kFedAtOnce = 1024;  // feed() makes the same windows of it as of the whole
  const std::vector<TokenId> ids = encode_prompt(model.tokenizer(), text, policy, name);
  begin_context(model, context);
  for (std::span<const TokenId> left = ids; !left.empty(); left = left.subspan(std::min(kFedAtOnce, left.size()))) {
    if (stop != nullptr && stop->load()) return false;
    model.feed(left.first(std::min(kFedAtOnce, left.size())), context.state, context.logits);
  }
  // What is read is text already; only the decoder has to follow.
  std::string dropped;
  for (const TokenId id : ids) model.tokenizer().decode_step(id, context.decode, dropped);
  // The space that would come before the next word is there already.
  const bool ends_in_space = text.ends_with(' ') || text.ends_with('\n');
  if (ends_in_space && model.tokenizer().splits_on_whitespace()) context.decode.line_start = true;
  return true;
}

Draft::Draft(const LanguageModel& model, TextContext start) : model_(&model), now_(std::move(start)), settled_(now_) {}

std::string Draft::push(TokenId id) {
  model_->tokenizer().decode_step(id, now_.decode, pending_);
  model_->step({&id, 1}, now_.state, now_.logits);
  const size_t complete = complete_utf8_prefix(pending_);
  std::string characters = replace_invalid_utf8(std::string_view(pending_).substr(0, complete));
  pending_.erase(0, complete);
  text_ += characters;
  drawn_.push_back({id, settled_size_ + text_.size(), pending_.empty() && now_.decode.settled()});
  return characters;
}

void Draft::settle() {
  if (drawn_.empty() || !drawn_.back().whole) return;
  settled_ = now_;
  settled_size_ += text_.size();
  text_.clear();
  drawn_.clear();
}

TextContext Draft::finish(size_t size) {
  size_t kept = drawn_.size();
  while (kept > 0 && (drawn_[kept - 1].text_size > size || !drawn_[kept - 1].whole)) --kept;
  if (kept == drawn_.size()) return std::move(now_);
  for (size_t i = 0; i < kept; ++i) {
    std::string dropped;
    model_->tokenizer().decode_step(drawn_[i].id, settled_.decode, dropped);
    model_->step({&drawn_[i].id, 1}, settled_.state, settled_.logits);
  }
  const size_t begin = kept == 0 ? 0 : drawn_[kept - 1].text_size - settled_size_;
  const std::string rest = text_.substr(begin, size - settled_size_ - begin);
  read_context(*model_, rest, OnUnknown::kSkip, "written text", settled_);
  return std::move(settled_);
}

}  // namespace fude
