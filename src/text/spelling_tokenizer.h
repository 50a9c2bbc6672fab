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

class SpellingTokenizer : public NormalizingTokenizer {
 public:
  // Ids: <eos>, the half bytes, the pieces.
  static constexpr TokenId kFirstPiece = kFirstHalfByte + kHalfBytes;

  int vocab_size() const override { return vocabulary_.end_id(); }
  void decode_step(TokenId id, DecodeState& state, std::string& bytes) const override;
  std::string display(TokenId id) const override;
  bool is_fallback(TokenId id) const override { return id >= kFirstHalfByte && id < kFirstPiece; }
  TokenizerData save() const override;

 protected:
  // FormatError for an empty piece and for one that is there twice.
  SpellingTokenizer(Normalization form, std::vector<std::string> pieces);

  const Vocabulary& vocabulary() const { return vocabulary_; }
  // `text` character by character.
  void spell(std::string_view text, std::vector<TokenId>& ids) const;

 private:
  Vocabulary vocabulary_;
  CodePointMap characters_;  // the pieces of one code point
};

}  // namespace fude
