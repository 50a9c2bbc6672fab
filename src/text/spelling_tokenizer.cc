#include "text/spelling_tokenizer.h"

#include <utility>

namespace fude {

SpellingTokenizer::SpellingTokenizer(Normalization form, std::vector<std::string> pieces)
    : NormalizingTokenizer(form), vocabulary_(std::move(pieces), kFirstPiece) {
  for (const std::string& piece : vocabulary_.pieces()) {
    size_t end = 0;
    const char32_t code_point = next_code_point(piece, end);
    if (end == piece.size()) characters_.set(code_point, vocabulary_.find(piece));
  }
}

void SpellingTokenizer::spell(std::string_view text, std::vector<TokenId>& ids) const {
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const auto byte = static_cast<unsigned char>(text[offset]);
    const char32_t code_point = byte < 0x80 ? text[offset++] : next_code_point(text, offset);
    if (const TokenId id = characters_.find(code_point); id != CodePointMap::kNone) {
      ids.push_back(id);
    } else {
      append_half_bytes(text.substr(begin, offset - begin), ids);
    }
  }
}

void SpellingTokenizer::decode_step(TokenId id, DecodeState& state, std::string& bytes) const {
  require_id(id);
  if (is_fallback(id)) return decode_half_byte(id, state, bytes);
  end_half_byte(state, bytes);
  if (id != eos()) bytes += vocabulary_.piece(id);
}

std::string SpellingTokenizer::display(TokenId id) const {
  require_id(id);
  if (id == eos()) return "<eos>";
  if (is_fallback(id)) return std::string("<0x") + "0123456789ABCDEF"[id - kFirstHalfByte] + ">";
  return vocabulary_.piece(id);
}

TokenizerData SpellingTokenizer::save() const {
  Json json = describe();
  json["pieces"] = vocabulary_.pieces();
  return {to_text(json), {}};
}

}  // namespace fude
