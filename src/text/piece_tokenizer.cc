#include <algorithm>
#include <utility>

#include "fude/base/error.h"
#include "text/kinds.h"
#include "text/normalizing_tokenizer.h"
#include "text/sentencepiece_model.h"

namespace fude {
namespace {

using Type = SentencePieceModel::Type;

constexpr int kDefaultVocabulary = 2000;
// SentencePiece's mark for a space: as a character of the text it must not reach the library, which would read a space.
constexpr std::string_view kSpaceMark = "\u2581";

// The library needs some 190 bytes for each byte of a run that it is given, so a long line comes in parts: cut before a
// space, where no piece reaches across, and where there is none for very long, between two characters.
constexpr size_t kLongRun = size_t{1} << 18;
constexpr size_t kLongestRun = size_t{1} << 20;

// bpe and unigram: pieces that SentencePiece has learned, with every text kept as it is.
class PieceTokenizer : public NormalizingTokenizer {
 public:
  // FormatError when the model was not learned by train_sentencepiece.
  PieceTokenizer(std::string kind, Normalization form, std::string blob)
      : NormalizingTokenizer(form), kind_(std::move(kind)), model_(std::move(blob), kSavedTokenizer) {
    if (model_.eos() != eos() || model_.byte_piece(0) < 0)
      throw FormatError("tokenizer: its SentencePiece model lacks <eos> as token 0 or the 256 bytes");
    knows_space_ = model_.find(kSpaceMark) >= 0;
    newline_ = model_.find("\n");
  }

  std::string_view kind() const override { return kind_; }
  int vocab_size() const override { return model_.size(); }

  void decode_step(TokenId id, DecodeState&, std::string& bytes) const override {
    require_id(id);
    bytes += model_.piece(id).text;
  }

  std::string display(TokenId id) const override {
    require_id(id);
    const auto& piece = model_.piece(id);
    return piece.type == Type::kText ? piece.text : piece.name;
  }

  bool is_fallback(TokenId id) const override {
    if (id < 0 || id >= vocab_size()) return false;
    const Type type = model_.piece(id).type;
    return type == Type::kByte || type == Type::kUnknown;
  }

  TokenizerData save() const override { return {to_text(describe()), model_.blob()}; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    size_t begin = 0;
    const auto encode_run = [&](size_t end) {
      if (end > begin) model_.encode(text.substr(begin, end - begin), ids);
    };
    for (size_t at = 0; at < text.size();) {
      const size_t length = length_outside_library(text.substr(at));
      if (length == 0 && may_cut(text, at, at - begin)) {
        encode_run(at);
        begin = at;
      }
      if (length > 0) {
        encode_run(at);
        encode_outside_library(text.substr(at, length), ids);
        begin = at + length;
      }
      at += std::max<size_t>(length, 1);
    }
    encode_run(text.size());
  }

 private:
  // Whether a run of `length` bytes that ends before text[at] is long enough to end there.
  static bool may_cut(std::string_view text, size_t at, size_t length) {
    if (length < kLongRun) return false;
    if (text[at] == ' ' && text[at - 1] != ' ') return true;
    return length >= kLongestRun && (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
  }

  // How many bytes at the start of `text` have to be encoded here: newlines, because no piece holds one and the library
  // then never sees more than a line; and what the library would not give back.
  size_t length_outside_library(std::string_view text) const {
    switch (text[0]) {
      case '\n':
      case '\0':
        return 1;
      case ' ':
        return knows_space_ ? 0 : 1;
      default:
        return text.starts_with(kSpaceMark) ? kSpaceMark.size() : 0;
    }
  }

  void encode_outside_library(std::string_view bytes, std::vector<TokenId>& ids) const {
    if (bytes == "\n" && newline_ >= 0) return ids.push_back(newline_);
    for (const char byte : bytes) ids.push_back(model_.byte_piece(static_cast<unsigned char>(byte)));
  }

  std::string kind_;
  SentencePieceModel model_;
  bool knows_space_ = false;
  TokenId newline_ = -1;
};

}  // namespace

std::unique_ptr<Tokenizer> train_pieces(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  const int vocab_size = options.vocab_size == 0 ? kDefaultVocabulary : options.vocab_size;
  std::string blob = train_sentencepiece({options.kind, vocab_size, options.seed},
                                         [&](const TextSink& visit) { for_each_normalized(source, form, visit); });
  return std::make_unique<PieceTokenizer>(options.kind, form, std::move(blob));
}

std::unique_ptr<Tokenizer> load_pieces(const Json& json, const std::string& blob) {
  return std::make_unique<PieceTokenizer>(require<std::string>(json, "kind", kSavedTokenizer),
                                          saved_normalization(json), blob);
}

}  // namespace fude
