#include <algorithm>
#include <utility>

#include "text/kinds.h"
#include "text/normalizing_tokenizer.h"
#include "text/sentencepiece_model.h"

namespace fude {
namespace {

using Type = SentencePieceModel::Type;

// White space that many models drop.
constexpr std::string_view kHardToKeep = "  a\n\n\tb  c\r\nd \n";

// A SentencePiece model that somebody else has trained, used as the library uses it: with its own normalization and the
// space it puts before a text. Its ids change in one thing: <eos> moves to 0, and what stood before it moves up by one
// (a model without <eos> gets one).
class ReadyModelTokenizer : public NormalizingTokenizer {
 public:
  ReadyModelTokenizer(std::string blob, const std::string& where)
      : NormalizingTokenizer(Normalization::kNone), model_(std::move(blob), where) {
    const int model_eos = model_.eos();
    model_eos_ = model_eos >= 0 ? model_eos : model_.size();
    learn_decoding_rules();
    loses_text_ = model_.byte_piece(0) < 0 || decode(encode(kHardToKeep)) != kHardToKeep;
  }

  std::string_view kind() const override { return "sentencepiece"; }
  int vocab_size() const override { return std::max(model_.size(), model_eos_ + 1); }

  void decode_step(TokenId id, DecodeState& state, std::string& bytes) const override {
    require_id(id);
    if (id == eos()) return;
    const auto& piece = model_.piece(model_id(id));
    std::string_view text = piece.type == Type::kUnknown ? std::string_view(unknown_text_) : piece.text;
    if (piece.type == Type::kText && state.line_start && drops_first_space_ && text.starts_with(' ')) {
      text.remove_prefix(1);
      state.line_start = drops_all_first_spaces_;
    }
    if (!text.empty()) state.line_start = false;
    bytes += text;
  }

  std::string display(TokenId id) const override {
    require_id(id);
    if (id == eos()) return "<eos>";
    const auto& piece = model_.piece(model_id(id));
    if (piece.type == Type::kUnknown) return "<unk>";
    return piece.type == Type::kText ? piece.text : piece.name;
  }

  bool is_fallback(TokenId id) const override {
    if (id <= eos() || id >= vocab_size()) return false;
    const Type type = model_.piece(model_id(id)).type;
    return type == Type::kByte || type == Type::kUnknown;
  }

  bool loses_text() const override { return loses_text_; }
  // The library writes " \u2047 " for <unk>, which stood in no text.
  bool is_writable(TokenId id) const override {
    return id <= eos() || id >= vocab_size() || model_.piece(model_id(id)).type != Type::kUnknown;
  }

  TokenizerData save() const override { return {to_text(describe()), model_.blob()}; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    const size_t begin = ids.size();
    model_.encode(text, ids);
    for (size_t i = begin; i < ids.size(); ++i) ids[i] = own_id(ids[i]);
  }

 private:
  TokenId own_id(int model_id) const {
    if (model_id == model_eos_) return eos();
    return model_id < model_eos_ ? model_id + 1 : model_id;
  }
  int model_id(TokenId id) const {
    if (id == eos()) return model_eos_;
    return id <= model_eos_ ? id - 1 : id;
  }

  // The library does not tell these settings, but its decoding shows them.
  void learn_decoding_rules() {
    for (int id = 0; id < model_.size(); ++id) {
      const auto& piece = model_.piece(id);
      if (piece.type == Type::kUnknown) unknown_text_ = model_.decode({id});
      if (piece.type != Type::kText || !piece.text.starts_with(' ')) continue;
      if (model_.decode({id}) != piece.text) drops_first_space_ = true;
      if (piece.text == " ") drops_all_first_spaces_ = model_.decode({id, id}).empty();
    }
  }

  SentencePieceModel model_;
  int model_eos_;  // one past the last id when the model has none
  bool drops_first_space_ = false;
  bool drops_all_first_spaces_ = false;
  bool loses_text_ = false;
  std::string unknown_text_;
};

}  // namespace

std::unique_ptr<Tokenizer> open_ready_model(std::string blob, const std::string& where) {
  return std::make_unique<ReadyModelTokenizer>(std::move(blob), where);
}

std::unique_ptr<Tokenizer> load_ready_model(const Json&, const std::string& blob) {
  return open_ready_model(blob, kSavedTokenizer);
}

}  // namespace fude
