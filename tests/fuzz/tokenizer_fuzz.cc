// Saved tokenizers: files of Fude's own, SentencePiece models, and what both hold; and texts through them.
#include <memory>
#include <vector>

#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"
#include "fuzz/sentencepiece_bytes.h"
#include "text/tokenizer_file.h"

using namespace fude;

namespace {

std::unique_ptr<Tokenizer> tokenizer_of(uint8_t choice, FuzzInput input) {
  static const MemoryFile file;
  switch (choice % 6) {
    case 0:
      return open_tokenizer(file.hold(input.rest()).path());
    case 1:
      return load_tokenizer({std::string(input.rest()), {}});
    case 2:
      return open_tokenizer(file.hold(sentencepiece_bytes(input, false)).path());
    case 3:
      return load_tokenizer({R"({"kind":"bpe","normalize":"nfc"})", sentencepiece_bytes(input, true)});
    case 4:
      return load_tokenizer({R"({"kind":"unigram","normalize":"none"})", std::string(input.rest())});
    default:
      return load_tokenizer({R"({"kind":"sentencepiece","normalize":"none"})", std::string(input.rest())});
  }
}

void use(const Tokenizer& tokenizer, const std::string& text) {
  const std::vector<TokenId> ids = tokenizer.encode(text);
  for (const TokenId id : ids) expect(id >= 0 && id < tokenizer.vocab_size(), "tokens are of the vocabulary");
  const std::string back = tokenizer.decode(ids);
  expect(find_invalid_utf8(back) == kValidUtf8, "what is decoded is UTF-8");
  tokenizer.unknown_symbols(text, 3);
  encode_prompt(tokenizer, text, OnUnknown::kReplace);
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  const uint8_t choice = input.byte();
  const std::string text = replace_invalid_utf8(input.line());
  const std::unique_ptr<Tokenizer> tokenizer = tokenizer_of(choice, input);
  expect(load_tokenizer(tokenizer->save())->fingerprint() == tokenizer->fingerprint(), "saved, it comes back");
  for (TokenId id = 0; id < std::min(tokenizer->vocab_size(), 600); ++id) {
    tokenizer->display(id);
    tokenizer->is_writable(id);
    tokenizer->decode(std::vector<TokenId>{id, id, 0});
  }
  for (const std::string& each :
       {text, std::string(" The ink DRIES.\n\n e\u0301\u2581 <s>\t<0x41>"), std::string("筆\0x", 5)})
    use(*tokenizer, each);
}
