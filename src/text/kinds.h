// The kinds of tokenizers: how each is learned from text and how it comes back from what save() gave.
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "fude/text/tokenizer.h"

namespace fude {

// `options` are valid. DataError when there is no text to learn from.
std::unique_ptr<Tokenizer> train_char(const TokenizerOptions& options, const TextSource& source);
std::unique_ptr<Tokenizer> train_byte(const TokenizerOptions& options, const TextSource& source);
std::unique_ptr<Tokenizer> train_word(const TokenizerOptions& options, const TextSource& source);
std::unique_ptr<Tokenizer> train_whitespace(const TokenizerOptions& options, const TextSource& source);
// bpe and unigram.
std::unique_ptr<Tokenizer> train_pieces(const TokenizerOptions& options, const TextSource& source);
// Learns nothing. FormatError that begins with `where` when `blob` is no SentencePiece model.
std::unique_ptr<Tokenizer> open_ready_model(std::string blob, const std::string& where);

// `json` is an object. FormatError for whatever is wrong with it or with the blob.
std::unique_ptr<Tokenizer> load_char(const Json& json, const std::string& blob);
std::unique_ptr<Tokenizer> load_byte(const Json& json, const std::string& blob);
std::unique_ptr<Tokenizer> load_word(const Json& json, const std::string& blob);
std::unique_ptr<Tokenizer> load_whitespace(const Json& json, const std::string& blob);
std::unique_ptr<Tokenizer> load_pieces(const Json& json, const std::string& blob);
std::unique_ptr<Tokenizer> load_ready_model(const Json& json, const std::string& blob);

// How the FormatErrors of saved tokenizers begin.
inline constexpr char kSavedTokenizer[] = "tokenizer";

}  // namespace fude
