// A corpus split into a training and a validation part, and both as token stores.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/token_store.h"
#include "fude/data/corpus.h"
#include "fude/text/tokenizer.h"

namespace fude {

// A corpus in two parts. With a validation fraction f the training part is the first floor(n * (1 - f)) of the n code
// points of all documents in order (a document may be cut): the same text is held out for every tokenizer.
class SplitCorpus {
 public:
  // `valid_inputs` (may be empty; read with the same options) wins over `val_frac` (in [0, 0.5]; 0: nothing is held
  // out).
  SplitCorpus(const CorpusOptions& options, double val_frac, const std::vector<std::string>& valid_inputs);

  // Both sources look into this object: it must outlive them.
  TextSource train() const;
  // Hands over nothing when there is no validation part.
  TextSource valid() const;
  bool has_valid() const { return valid_.has_value() || train_code_points_ < corpus_.info().code_points; }
  const Corpus& corpus() const { return corpus_; }
  // Names text and split: equal for equal parts.
  std::string digest() const;

 private:
  Corpus corpus_;
  std::optional<Corpus> valid_;
  int64_t train_code_points_ = 0;
  // The place of the cut: documents before this one are for training, and of this one so many bytes.
  int64_t cut_document_ = 0;
  size_t cut_offset_ = 0;
};

struct Dataset {
  TokenStore train;
  // nullopt when nothing is held out, or too little for one prediction.
  std::optional<TokenStore> valid;
  // A part was made anew rather than found in the cache; `cache_note` says why an old cache was not taken (empty: none
  // was there, or it was taken).
  bool encoded = false;
  std::string cache_note;
};

// Encodes both parts into `folder`/train.tokens and valid.tokens, or takes the ones there when they are fresh. Each
// document (a cut one's two pieces too) is followed by <eos>, but not for `whitespace`, which ends lines itself. Large
// documents are encoded piece by piece, cut where white space begins. DataError when the training part has fewer than 2
// tokens.
Dataset make_dataset(const SplitCorpus& split, const Tokenizer& tokenizer, const std::filesystem::path& folder);

// Characters and bytes that tokens stand for, for bits per character and per byte. Bytes of an unfinished character
// count with the token that brings them, the character with its first byte: adjoining ranges add up to the whole.
struct TextSize {
  int64_t code_points = 0;
  int64_t bytes = 0;
};
// Of tokens [begin, end).
TextSize measure_text(const Tokenizer& tokenizer, const TokenStore& store, int64_t begin, int64_t end);

}  // namespace fude
