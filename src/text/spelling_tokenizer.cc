#include "text/spelling_tokenizer.h"

#include <algorithm>
#include <utility>

#include "text/kinds.h"
#include "text/utf8.h"

namespace fude {
namespace {

// In a shorter text all letters are rare.
constexpr int64_t kShortText = 10000;

}  // namespace

Characters choose_characters(const CodePointCounts& counts, size_t limit) {
  std::vector<char32_t> kept = counts.most_frequent(limit + 1);
  Characters characters;
  if (kept.size() > limit) {
    kept.pop_back();
  } else if (counts.total() >= kShortText) {
    const auto once = std::find_if(kept.begin(), kept.end(), [&](char32_t c) { return counts.count(c) == 1; });
    for (auto it = once; it != kept.end(); ++it) append_utf8(characters.seen_once, *it);
    kept.erase(once, kept.end());
  }
  for (const char32_t code_point : kept) append_utf8(characters.pieces.emplace_back(), code_point);
  return characters;
}

SpellingTokenizer::SpellingTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once)
    : NormalizingTokenizer(form), vocabulary_(std::move(pieces), kFirstPiece), seen_once_(std::move(seen_once)) {
  for (const std::string& piece : vocabulary_.pieces()) {
    size_t end = 0;
    const char32_t code_point = next_code_point(piece, end);
    if (end == piece.size()) characters_.set(code_point, vocabulary_.find(piece));
  }
}

void SpellingTokenizer::spell(std::string_view text, std::vector<TokenId>& ids) const {
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t code_point = take_code_point(text, offset);
    if (const TokenId id = characters_.find(code_point); id != CodePointMap::kNone) {
      ids.push_back(id);
    } else {
      append_half_bytes(text.substr(begin, offset - begin), ids);
    }
  }
}

bool SpellingTokenizer::knows(char32_t code_point) const {
  if (characters_.find(code_point) != CodePointMap::kNone) return true;
  std::string character;
  append_utf8(character, code_point);
  return seen_once_.find(character) != std::string::npos;
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
  if (is_fallback(id)) return "<0x" + hex_digits(static_cast<unsigned char>(id - kFirstHalfByte)).substr(1) + ">";
  return vocabulary_.piece(id);
}

Json SpellingTokenizer::saved_json() const {
  Json json = describe();
  json["pieces"] = vocabulary_.pieces();
  if (!seen_once_.empty()) json["seen_once"] = seen_once_;
  return json;
}

std::string saved_seen_once(const Json& json) { return get_or<std::string>(json, "seen_once", "", kSavedTokenizer); }

}  // namespace fude
