// What the char and word tokenizers share: a vocabulary with characters in it, which spell what it lacks, and byte
// fallback for the characters that it lacks too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/code_point_map.h"
#include "text/half_byte.h"
#include "text/normalizing_tokenizer.h"
#include "text/vocabulary.h"

namespace fude {

// The characters of a text, divided by whether they become pieces.
struct Characters {
  std::vector<std::string> pieces;  // most frequent first; ties by code point
  // Left to byte fallback because the text shows them a single time: about as often as a character that it does not
  // show at all (Good 1953), so that they teach how likely those are. Few of them, in ascending order; none in a text
  // of less than 10,000 characters, and none where `limit` leaves characters to byte fallback anyway.
  std::string seen_once;
};
Characters choose_characters(const CodePointCounts& counts, size_t limit);

class SpellingTokenizer : public NormalizingTokenizer {
 public:
  // Ids: <eos>, the half bytes, the pieces.
  static constexpr TokenId kFirstPiece = kFirstHalfByte + kHalfBytes;

  int vocab_size() const override { return vocabulary_.end_id(); }
  void decode_step(TokenId id, DecodeState& state, std::string& bytes) const override;
  std::string display(TokenId id) const override;
  bool is_fallback(TokenId id) const override { return id >= kFirstHalfByte && id < kFirstPiece; }
  bool writes_fallback() const override { return seen_once_.empty(); }
  TokenizerData save() const override { return {to_text(saved_json()), {}}; }

 protected:
  // FormatError for an empty piece and for one that is there twice.
  SpellingTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once);

  const Vocabulary& vocabulary() const { return vocabulary_; }
  // What save() writes, to which a kind may add.
  Json saved_json() const;
  // `text` character by character.
  void spell(std::string_view text, std::vector<TokenId>& ids) const;
  bool knows(char32_t code_point) const override;

 private:
  Vocabulary vocabulary_;
  CodePointMap characters_;  // the pieces of one code point
  std::string seen_once_;    // characters that are known, yet have no piece
};

// The "seen_once" of a saved tokenizer. FormatError when it is wrong.
std::string saved_seen_once(const Json& json);

}  // namespace fude
