// A tokenizer with nothing to learn: a token is a code point plus one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"

namespace fude {

class FakeTokenizer : public Tokenizer {
 public:
  // Another name is another fingerprint. Of kind "whitespace" it ends every line with <eos>, as that kind does.
  explicit FakeTokenizer(std::string name = "a", std::string kind = "char")
      : name_(std::move(name)), kind_(std::move(kind)) {}

  using Tokenizer::encode;
  std::string_view kind() const override { return kind_; }
  int vocab_size() const override { return 0x110001; }
  void encode(std::string_view text, std::vector<TokenId>& ids) const override {
    for (size_t offset = 0; offset < text.size();) {
      const char32_t code_point = next_code_point(text, offset);
      const bool ends_line = kind_ == "whitespace" && code_point == U'\n';
      ids.push_back(ends_line ? eos() : static_cast<TokenId>(code_point) + 1);
    }
    if (kind_ == "whitespace" && !text.ends_with('\n')) ids.push_back(eos());
  }
  void decode_step(TokenId id, DecodeState&, std::string& bytes) const override {
    if (id != eos()) append_utf8(bytes, static_cast<char32_t>(id - 1));
  }
  std::string display(TokenId id) const override { return std::to_string(id); }
  bool is_fallback(TokenId) const override { return false; }
  std::vector<UnknownSymbol> unknown_symbols(std::string_view, size_t) const override { return {}; }
  TokenizerData save() const override { return {name_, ""}; }

 private:
  std::string name_;
  std::string kind_;
};

}  // namespace fude
