// Text to token ids and back. One interface for six kinds that are learned from text (char, byte, word, whitespace,
// bpe, unigram) and for SentencePiece models that are there already.
//
//   fude::TokenizerOptions options;
//   options.kind = "char";
//   auto tokenizer = fude::train_tokenizer(options, [](const fude::TextSink& sink) { sink("To be, or not to be"); });
//   std::vector<fude::TokenId> ids = tokenizer->encode("not to be");
//   std::string text = tokenizer->decode(ids);          // "not to be"
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

using TokenId = int32_t;

// Takes a document's text, or, of a long one, the next piece: it ends where white space begins the next.
using TextSink = std::function<void(std::string_view)>;
// Hands all text to the sink, in order; called once a pass, each time from the start.
using TextSource = std::function<void(const TextSink&)>;

struct TokenizerOptions {
  // char | byte | word | whitespace | bpe | unigram, or the path of a tokenizer that is there already (a file of `fude
  // tokenizer train`, or a SentencePiece .model) and is used as it is: nothing is learned, no other option counts.
  std::string kind = "char";
  // Limit on the number of tokens; 0: the kind's own default (char: no limit, word: 10000, bpe and unigram: 2000).
  // byte ignores it; whitespace takes every word.
  int vocab_size = 0;
  // Unicode normalization before encoding: nfc | nfkc | none.
  std::string normalize = "nfc";
  // char: what a symbol is: codepoint | grapheme (what a reader takes for one character, such as a letter with its
  // marks; rare ones are spelled in code points).
  std::string unit = "codepoint";
  // word: keep | factor (a capitalized or all-capital word is a mark and the word in small letters).
  std::string letter_case = "keep";
  // bpe and unigram learn from some 8 MiB of a larger text, at sentences drawn evenly from all of it: the seed of that.
  uint64_t seed = 1;

  // Every problem at once as a ConfigError.
  void validate() const;
};

// A trained tokenizer as it travels inside a model file: JSON, and for SentencePiece kinds the serialized model.
struct TokenizerData {
  std::string json;
  std::string blob;
};

// A symbol of a text that the vocabulary does not hold: a character that would be written in bytes, or a word that
// would become <unk> (whitespace).
struct UnknownSymbol {
  // Of a word the first one.
  char32_t code_point = 0;
  // The symbol as it stands in the text: a character with the marks that normalization joins to it, or the word.
  std::string text;
  // Byte offset in the text given, and the place as people count: both from 1, columns in code points.
  size_t offset = 0;
  int line = 1;
  int column = 1;
};

enum class LetterCase : uint8_t { kAsIs, kCapitalized, kUpper };

// What decoding has to remember between tokens. Value-initialized at the start of a text.
struct DecodeState {
  // First half of a byte that byte fallback has begun, or -1.
  int high_nibble = -1;
  // whitespace: the next word begins a line, so no space comes before it. Ready SentencePiece models: nothing is
  // written yet, so the space that the model put before the text goes away again.
  bool line_start = true;
  // word with letter_case factor: what the mark just read makes of the next word.
  LetterCase letter_case = LetterCase::kAsIs;

  // Whether nothing waits for the next token: half a byte or a mark.
  bool settled() const { return high_nibble < 0 && letter_case == LetterCase::kAsIs; }
};

// Immutable once made; every method may be called from several threads at once.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // The kind asked for; "sentencepiece" for a ready model.
  virtual std::string_view kind() const = 0;
  virtual int vocab_size() const = 0;

  // Appends the ids of `text`. Normalizes first. DataError when `text` is not valid UTF-8 (names the byte offset).
  // Adds no <eos>, except `whitespace`, which ends each line with one.
  virtual void encode(std::string_view text, std::vector<TokenId>& ids) const = 0;
  std::vector<TokenId> encode(std::string_view text) const;

  // Appends the bytes that `id` adds to the text. May end inside a UTF-8 sequence: StreamDecoder gives whole
  // characters. <eos> adds nothing (whitespace: a newline). ids outside the vocabulary are a DataError.
  virtual void decode_step(TokenId id, DecodeState& state, std::string& bytes) const = 0;
  // The text of all of them; bytes that are no UTF-8 become U+FFFD.
  std::string decode(std::span<const TokenId> ids) const;

  // A token as people read it: the text itself, "<eos>", "<unk>", or "<0xE>" for half a byte and
  // "<0xE3>" for a byte of the byte fallback.
  virtual std::string display(TokenId id) const = 0;

  // `whitespace`: <eos> ends each line, white space belongs to no token, and a word that is not known is <unk>.
  bool splits_on_whitespace() const { return kind() == "whitespace"; }
  // Ends a document (whitespace: a line).
  TokenId eos() const { return 0; }
  // Part of the byte fallback or <unk>: stands for no symbol by itself.
  virtual bool is_fallback(TokenId id) const = 0;
  // Whether there are texts that decoding does not give back (normalization apart): `whitespace` loses white space and
  // rare words, some ready models unknown characters, line ends or repeated spaces. Figures per character are then of
  // another text.
  virtual bool loses_text() const { return false; }
  // Whether a writer may ever draw `id`. Not <unk> of a ready model, for which no text stands.
  virtual bool is_writable(TokenId /*id*/) const { return true; }
  // Whether fallback tokens of the text that it learned from are worth writing. Not where they stand only for
  // characters that the text showed a single time.
  virtual bool writes_fallback() const { return true; }
  // Symbols of `text` that are outside the vocabulary, in order, at most `limit`.
  virtual std::vector<UnknownSymbol> unknown_symbols(std::string_view text, size_t limit) const = 0;

  // What load_tokenizer needs to give this tokenizer back.
  virtual TokenizerData save() const = 0;
  // Of all that was learned, as 32 hexadecimal digits. Tokenizers that have it in common give the same ids to every
  // text, `word` and graphemes as long as the version of ICU is the same, too: its tables say where words and graphemes
  // end.
  std::string fingerprint() const;
};

// Learns a tokenizer from the documents of `source`. DataError when they hold no text.
std::unique_ptr<Tokenizer> train_tokenizer(const TokenizerOptions& options, const TextSource& source);
// Total: any bytes give a tokenizer or a FormatError.
std::unique_ptr<Tokenizer> load_tokenizer(const TokenizerData& data);

// Tokens in, whole characters out: holds back the bytes of an unfinished UTF-8 sequence.
class StreamDecoder {
 public:
  // `tokenizer` must outlive the decoder.
  explicit StreamDecoder(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}

  // The text that is complete now: may be empty.
  std::string push(TokenId id);
  // The rest, with U+FFFD for what never became a character. The decoder is at the start again.
  std::string finish();

 private:
  const Tokenizer* tokenizer_;
  DecodeState state_;
  std::string pending_;
};

// What a prompt's unknown symbols meet.
enum class OnUnknown {
  kError,    // DataError that shows symbol, code point and place
  kReplace,  // a known near relative (curly quote → straight quote, dash → hyphen), else dropped (whitespace: <unk>)
  kSkip,     // dropped
};

// Throws ConfigError for another word than error, replace, skip.
OnUnknown parse_on_unknown(std::string_view name);

// The ids of a prompt, after the policy. No trailing <eos>, for `whitespace` too unless the prompt ends with a newline.
// Errors about its symbols call it `name`: that of the file that it is.
std::vector<TokenId> encode_prompt(const Tokenizer& tokenizer, std::string_view prompt, OnUnknown policy,
                                   std::string_view name = "prompt");

}  // namespace fude
