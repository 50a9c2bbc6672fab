// What all kinds of tokenizers share: a text is checked and normalized before it is encoded, token ids are checked
// before they are decoded, and unknown symbols are named with the place where they stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"

namespace fude {

class NormalizingTokenizer : public Tokenizer {
 public:
  using Tokenizer::encode;
  void encode(std::string_view text, std::vector<TokenId>& ids) const final;
  // Characters that the kind does not know, where they are no part of a known run.
  std::vector<UnknownSymbol> unknown_symbols(std::string_view text, size_t limit) const override;

 protected:
  explicit NormalizingTokenizer(Normalization form) : form_(form) {}

  // `text` is valid UTF-8 in the form chosen.
  virtual void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const = 0;

  // Unless a kind says otherwise: encoded without fallback when it stands alone.
  virtual bool knows(char32_t code_point) const;

  // Bytes [begin, end) of a text.
  struct Run {
    size_t begin = 0, end = 0;
  };
  // The runs of `text`, which is normalized, that are one token each, so that it does not matter whether their
  // characters are known. In order.
  virtual std::vector<Run> known_runs(std::string_view /*text*/) const { return {}; }

  Normalization normalization() const { return form_; }
  // DataError when the vocabulary has no such id.
  void require_id(TokenId id) const;
  // The JSON of kind and normalization, to which a kind adds what it learned.
  Json describe() const;

 private:
  Normalization form_;
};

// A text's place, moved on a code point at a time.
struct TextPlace {
  int line = 1;
  int column = 1;
  void advance(char32_t code_point);
};

// Visits the normalized text of each document. DataError when the documents hold no text or no valid UTF-8.
void for_each_normalized(const TextSource& source, Normalization form, const TextSink& visit);

// The "normalize" and "pieces" of a saved tokenizer. FormatError when they are missing or wrong.
Normalization saved_normalization(const Json& json);
std::vector<std::string> saved_pieces(const Json& json);

}  // namespace fude
