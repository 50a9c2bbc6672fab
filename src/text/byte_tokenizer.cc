#include "text/kinds.h"
#include "text/normalizing_tokenizer.h"

namespace fude {
namespace {

constexpr TokenId kFirstByte = 1;

// A token a byte: <eos>, then the 256 bytes in order.
class ByteTokenizer : public NormalizingTokenizer {
 public:
  explicit ByteTokenizer(Normalization form) : NormalizingTokenizer(form) {}

  std::string_view kind() const override { return "byte"; }
  int vocab_size() const override { return kFirstByte + 256; }

  void decode_step(TokenId id, DecodeState&, std::string& bytes) const override {
    require_id(id);
    if (id != eos()) bytes.push_back(static_cast<char>(id - kFirstByte));
  }

  std::string display(TokenId id) const override {
    require_id(id);
    if (id == eos()) return "<eos>";
    const int byte = id - kFirstByte;
    if (byte < 0x80) return std::string(1, static_cast<char>(byte));
    return "<0x" + hex_digits(static_cast<unsigned char>(byte)) + ">";
  }

  // Bytes are its symbols, so none of them is a fallback.
  bool is_fallback(TokenId) const override { return false; }

  TokenizerData save() const override { return {to_text(describe()), {}}; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    for (const char byte : text) ids.push_back(kFirstByte + static_cast<unsigned char>(byte));
  }
};

}  // namespace

std::unique_ptr<Tokenizer> train_byte(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  for_each_normalized(source, Normalization::kNone, [](std::string_view) {});
  return std::make_unique<ByteTokenizer>(form);
}

std::unique_ptr<Tokenizer> load_byte(const Json& json, const std::string&) {
  return std::make_unique<ByteTokenizer>(saved_normalization(json));
}

}  // namespace fude
