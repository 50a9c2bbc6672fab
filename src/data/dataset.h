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
  // out). `progress`: of each pass over each corpus.
  SplitCorpus(const CorpusOptions& options, double val_frac, const std::vector<std::string>& valid_inputs,
              const ReadProgress& progress = {});

  // Hand over the documents of a part; of a cut one, each part has its share.
  void visit_train(DocumentSink& sink) const;
  void visit_valid(DocumentSink& sink) const;
  // The texts of a part, in order, in the pieces of a TextCutter. Both look into this object, which must outlive them.
  TextSource train() const;
  TextSource valid() const;

  bool has_valid() const { return valid_.has_value() || train_code_points_ < corpus_.info().code_points; }
  const Corpus& corpus() const { return corpus_; }
  // All that was read: the corpus, and that of `valid_inputs`.
  std::vector<const Corpus*> corpora() const;
  // Names text and split: equal for equal parts.
  std::string digest() const;

 private:
  Corpus corpus_;
  std::optional<Corpus> valid_;
  int64_t train_code_points_ = 0;  // of all documents; those behind are held out
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

// Encodes both parts into `folder`/train.tokens and valid.tokens, as a StoreEncoder does, or takes the ones there when
// they are fresh. DataError when the training part has fewer than 2 tokens.
Dataset make_dataset(const SplitCorpus& split, const Tokenizer& tokenizer, const std::filesystem::path& folder);

// Characters and bytes that tokens stand for, for bits per character and per byte. Bytes of an unfinished character
// count with the token that brings them, the character with its first byte.
struct TextSize {
  int64_t code_points = 0;
  int64_t bytes = 0;
};
// Of tokens [begin, end). Exact from 0 and 1: further on, half a byte that waits for its other half is not known of.
TextSize measure_text(const Tokenizer& tokenizer, const TokenStore& store, int64_t begin, int64_t end);

}  // namespace fude
