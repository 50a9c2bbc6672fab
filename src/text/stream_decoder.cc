#include <utility>

#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"
#include "text/half_byte.h"

namespace fude {

std::string StreamDecoder::push(TokenId id) {
  tokenizer_->decode_step(id, state_, pending_);
  const size_t complete = complete_utf8_prefix(pending_);
  std::string text = replace_invalid_utf8(std::string_view(pending_).substr(0, complete));
  pending_.erase(0, complete);
  return text;
}

std::string StreamDecoder::finish() {
  end_half_byte(state_, pending_);
  state_ = {};
  return replace_invalid_utf8(std::exchange(pending_, {}));
}

}  // namespace fude
