#include "data/dataset.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/hash.h"
#include "data/store_encoder.h"
#include "data/text_cutter.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/segmenter.h"

namespace fude {
namespace {

// Tokens read or bytes held at a time when text is measured.
constexpr int64_t kMeasureChunk = 1 << 16;

CorpusOptions with_inputs(CorpusOptions options, const std::vector<std::string>& inputs) {
  options.inputs = inputs;
  return options;
}

// Passes on the code points [begin, end) of all documents together, and the documents' ends behind them.
class CodePointRange : public DocumentSink {
 public:
  CodePointRange(int64_t begin, int64_t end, DocumentSink& next) : begin_(begin), end_(end), next_(&next) {}

  void text(std::string_view piece) override {
    if (at_ >= end_) return;
    const int64_t at = at_;
    at_ += static_cast<int64_t>(count_code_points(piece));
    if (at_ <= begin_) return;
    if (at_ > end_) piece = piece.substr(0, code_point_offset(piece, static_cast<size_t>(end_ - at)));
    if (at < begin_) piece.remove_prefix(code_point_offset(piece, static_cast<size_t>(begin_ - at)));
    if (piece.empty()) return;
    any_ = true;
    next_->text(piece);
  }

  void end_document() override {
    if (std::exchange(any_, false)) next_->end_document();
  }

 private:
  int64_t begin_;
  int64_t end_;
  int64_t at_ = 0;
  DocumentSink* next_;
  bool any_ = false;  // the document has some text in the range
};

// The pieces of documents for whom each is a text.
class CutPieces : public DocumentSink {
 public:
  explicit CutPieces(const TextSink& sink) : sink_(&sink) {}
  void text(std::string_view piece) override { cutter_.push(piece, *sink_); }
  void end_document() override { cutter_.finish(*sink_); }

 private:
  const TextSink* sink_;
  TextCutter cutter_;
};

}  // namespace

SplitCorpus::SplitCorpus(const CorpusOptions& options, double val_frac, const std::vector<std::string>& valid_inputs,
                         const ReadProgress& progress)
    : corpus_(options, progress) {
  if (!(val_frac >= 0 && val_frac <= 0.5))
    throw ConfigError("the validation fraction must be from 0 to 0.5, got " + std::to_string(val_frac));
  const CorpusInfo& info = corpus_.info();
  train_code_points_ = info.code_points;
  if (!valid_inputs.empty()) {
    valid_.emplace(with_inputs(options, valid_inputs), progress);
  } else {
    train_code_points_ = static_cast<int64_t>(std::floor(static_cast<double>(info.code_points) * (1 - val_frac)));
  }
}

void SplitCorpus::visit_train(DocumentSink& sink) const {
  CodePointRange range(0, train_code_points_, sink);
  corpus_.visit(range);
}

void SplitCorpus::visit_valid(DocumentSink& sink) const {
  if (valid_) return valid_->visit(sink);
  if (!has_valid()) return;
  CodePointRange range(train_code_points_, corpus_.info().code_points, sink);
  corpus_.visit(range);
}

TextSource SplitCorpus::train() const {
  return [this](const TextSink& sink) {
    CutPieces pieces(sink);
    visit_train(pieces);
  };
}

TextSource SplitCorpus::valid() const {
  return [this](const TextSink& sink) {
    CutPieces pieces(sink);
    visit_valid(pieces);
  };
}

std::vector<const Corpus*> SplitCorpus::corpora() const {
  std::vector<const Corpus*> all = {&corpus_};
  if (valid_) all.push_back(&*valid_);
  return all;
}

std::string SplitCorpus::digest() const {
  return hash_hex(corpus_.info().digest + " " + std::to_string(train_code_points_) + " " +
                  (valid_ ? valid_->info().digest : ""));
}

Dataset make_dataset(const SplitCorpus& split, const Tokenizer& tokenizer, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw IoError("cannot create the folder " + folder.string() + ": " + error.message());
  bool encoded = false;
  std::string note;
  const auto open_part = [&](const std::string& part, const auto& visit_part) {
    const std::filesystem::path path = folder / (part + ".tokens");
    const std::string key =
        split.digest() + " " + tokenizer.fingerprint() + " " + unicode_tables_version() + " " + part;
    std::string why;
    if (auto cached = TokenStore::open_if_fresh(path, key, &why)) return std::move(*cached);
    if (std::filesystem::exists(path, error)) note += (note.empty() ? "" : "; ") + why;
    TokenStoreWriter writer(path, tokenizer.vocab_size(), key);
    StoreEncoder encoder(tokenizer, writer);
    visit_part(encoder);
    encoder.finish();
    writer.commit();
    encoded = true;
    return TokenStore(path);
  };
  TokenStore train = open_part("train", [&](DocumentSink& sink) { split.visit_train(sink); });
  if (train.size() < 2) {
    throw DataError("the training part of the text has " + std::to_string(train.size()) + " token" +
                        (train.size() == 1 ? "" : "s") + ", at least 2 are needed",
                    "give more text, or hold out less of it (--val-frac 0)");
  }
  std::optional<TokenStore> valid;
  if (split.has_valid()) valid = open_part("valid", [&](DocumentSink& sink) { split.visit_valid(sink); });
  if (valid && valid->size() < 2) valid.reset();
  return {std::move(train), std::move(valid), encoded, std::move(note)};
}

TextSize measure_text(const Tokenizer& tokenizer, const TokenStore& store, int64_t begin, int64_t end) {
  TextSize size;
  DecodeState state;
  std::string bytes;
  // The token before tells how the first one joins on: a space between words, the second half of a byte.
  if (begin > 0) tokenizer.decode_step(store[begin - 1], state, bytes);
  std::vector<TokenId> ids;
  for (int64_t at = begin; at < end; at += kMeasureChunk) {
    ids.resize(static_cast<size_t>(std::min(kMeasureChunk, end - at)));
    store.read(at, ids);
    bytes.clear();
    for (const TokenId id : ids) tokenizer.decode_step(id, state, bytes);
    size.bytes += static_cast<int64_t>(bytes.size());
    size.code_points += static_cast<int64_t>(count_code_points(bytes));
  }
  return size;
}

}  // namespace fude
