#include "data/dataset.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// A document larger than this is encoded in pieces of about this many bytes.
constexpr size_t kPieceSize = size_t{4} << 20;
// Tokens read or bytes held at a time when text is measured.
constexpr int64_t kMeasureChunk = 1 << 16;

CorpusOptions with_inputs(CorpusOptions options, const std::vector<std::string>& inputs) {
  options.inputs = inputs;
  return options;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Where a piece of about kPieceSize bytes ends: a place where no token should cross. Lines stay whole for a tokenizer
// that works by lines; for the others white space begins the next piece, as it begins the words of most vocabularies.
size_t piece_end(std::string_view text, bool whole_lines) {
  if (text.size() <= kPieceSize) return text.size();
  if (whole_lines) {
    const size_t newline = text.find('\n', kPieceSize);
    return newline == std::string_view::npos ? text.size() : newline + 1;
  }
  size_t end = kPieceSize;
  while (end < text.size() && (!is_space(text[end]) || is_space(text[end - 1]))) ++end;
  return end;
}

void encode_part(const TextSource& source, const Tokenizer& tokenizer, const std::filesystem::path& path,
                 std::string_view key) {
  TokenStoreWriter writer(path, tokenizer.vocab_size(), key);
  const bool ends_lines = tokenizer.splits_on_whitespace();
  std::vector<TokenId> ids;
  source([&](std::string_view document) {
    while (!document.empty()) {
      const size_t end = piece_end(document, ends_lines);
      ids.clear();
      tokenizer.encode(document.substr(0, end), ids);
      document.remove_prefix(end);
      if (document.empty() && !ends_lines) ids.push_back(tokenizer.eos());
      writer.append(ids);
    }
    writer.end_document();
  });
  writer.commit();
}

}  // namespace

SplitCorpus::SplitCorpus(const CorpusOptions& options, double val_frac, const std::vector<std::string>& valid_inputs)
    : corpus_(options) {
  if (!(val_frac >= 0 && val_frac <= 0.5))
    throw ConfigError("the validation fraction must be from 0 to 0.5, got " + std::to_string(val_frac));
  const CorpusInfo& info = corpus_.info();
  train_code_points_ = info.code_points;
  cut_document_ = info.documents;
  if (!valid_inputs.empty()) {
    valid_.emplace(with_inputs(options, valid_inputs));
    return;
  }
  train_code_points_ = static_cast<int64_t>(std::floor(static_cast<double>(info.code_points) * (1 - val_frac)));
  if (train_code_points_ == info.code_points) return;
  int64_t document = 0;
  int64_t left = train_code_points_;
  corpus_.for_each([&](std::string_view text) {
    if (left >= 0) {
      const auto size = static_cast<int64_t>(count_code_points(text));
      if (left < size) {
        cut_document_ = document;
        cut_offset_ = code_point_offset(text, static_cast<size_t>(left));
      }
      left -= size;
    }
    ++document;
  });
}

TextSource SplitCorpus::train() const {
  return [this](const TextSink& sink) {
    int64_t document = 0;
    corpus_.for_each([&](std::string_view text) {
      if (document < cut_document_) sink(text);
      if (document == cut_document_ && cut_offset_ > 0) sink(text.substr(0, cut_offset_));
      ++document;
    });
  };
}

TextSource SplitCorpus::valid() const {
  return [this](const TextSink& sink) {
    if (valid_) return valid_->for_each(sink);
    if (!has_valid()) return;
    int64_t document = 0;
    corpus_.for_each([&](std::string_view text) {
      if (document > cut_document_) sink(text);
      if (document == cut_document_ && cut_offset_ < text.size()) sink(text.substr(cut_offset_));
      ++document;
    });
  };
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
  const auto open_part = [&](const TextSource& source, const std::string& part) {
    const std::filesystem::path path = folder / (part + ".tokens");
    const std::string key = split.digest() + " " + tokenizer.fingerprint() + " " + part;
    std::string why;
    if (auto cached = TokenStore::open_if_fresh(path, key, &why)) return std::move(*cached);
    if (std::filesystem::exists(path, error)) note += (note.empty() ? "" : "; ") + why;
    encode_part(source, tokenizer, path, key);
    encoded = true;
    return TokenStore(path);
  };
  TokenStore train = open_part(split.train(), "train");
  if (train.size() < 2) {
    throw DataError("the training part of the text has " + std::to_string(train.size()) + " token" +
                        (train.size() == 1 ? "" : "s") + ", at least 2 are needed",
                    "give more text, or hold out less of it (--val-frac 0)");
  }
  std::optional<TokenStore> valid;
  if (split.has_valid()) valid = open_part(split.valid(), "valid");
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
