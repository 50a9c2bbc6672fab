// Text in the making: tokens fed as they are drawn, and the way back when the end of their text is cut off.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "fude/generate/generator.h"

namespace fude {

// A context without logits is given <eos>, as every document has one before it in training.
void begin_context(const LanguageModel& model, TextContext& context);
// Begins the context when need be and leads it through `text`, which errors call `name`. False: `stop` became true, and
// it was led only a part of the way.
bool read_context(const LanguageModel& model, std::string_view text, OnUnknown policy, std::string_view name,
                  TextContext& context, const std::atomic<bool>* stop = nullptr);

class Draft {
 public:
  // `model` must outlive the draft; `start` must have logits.
  Draft(const LanguageModel& model, TextContext start);

  // Logits of the token that follows.
  const std::vector<float>& logits() const { return now_.logits; }
  // Feeds a drawn token; returns the characters that it completed.
  std::string push(TokenId id);
  // Nothing that was returned so far will be cut. Without a call now and then the draft remembers every token.
  void settle();
  // Ends the text after `size` bytes of what was returned in all, at or after the last settle, between two characters.
  // Bytes of an unfinished character are dropped.
  TextContext finish(size_t size);

 private:
  struct Drawn {
    TokenId id;
    size_t text_size;  // bytes returned in all, once drawn
    bool whole;        // no character was begun and not completed
  };

  const LanguageModel* model_;
  TextContext now_;
  TextContext settled_;
  std::vector<Drawn> drawn_;  // since settled_
  size_t settled_size_ = 0;
  std::string text_;     // returned since settled_
  std::string pending_;  // bytes of a character that is not complete
};

}  // namespace fude
