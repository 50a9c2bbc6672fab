#include "fude/text/tokenizer.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/closest.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/problems.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/half_byte.h"
#include "text/kinds.h"
#include "text/tokenizer_file.h"
#include "text/tokenizer_kinds.h"

namespace fude {
namespace {

constexpr int kLargestVocabulary = 1 << 20;

// How each of tokenizer_kinds() is learned and comes back.
struct Kind {
  std::string_view name;
  std::unique_ptr<Tokenizer> (*train)(const TokenizerOptions&, const TextSource&);
  std::unique_ptr<Tokenizer> (*load)(const Json&, const std::string& blob);
};

constexpr Kind kKinds[] = {
    {"char", train_char, load_char},    {"byte", train_byte, load_byte},
    {"word", train_word, load_word},    {"whitespace", train_whitespace, load_whitespace},
    {"bpe", train_pieces, load_pieces}, {"unigram", train_pieces, load_pieces},
};
constexpr std::string_view kReadyModel = "sentencepiece";

const Kind* find_kind(std::string_view name) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& k) { return k.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

bool looks_like_path(const std::string& kind) {
  std::error_code ignored;
  return kind.find_first_of("./") != std::string::npos || std::filesystem::exists(kind, ignored);
}

}  // namespace

void TokenizerOptions::validate() const {
  Problems problems;
  std::string hint;
  const TokenizerKind* known = find_tokenizer_kind(kind);
  if (known == nullptr && !looks_like_path(kind)) {
    problems.add("tokenizer must be " + tokenizer_kind_names(", ") + " or the path of a tokenizer, got \"" + kind +
                 "\"");
    std::vector<std::string> names;
    for (const TokenizerKind& candidate : tokenizer_kinds()) names.emplace_back(candidate.name);
    if (const std::string near = closest(kind, names); !near.empty()) hint = "did you mean " + near + "?";
  }
  const int smallest = known == nullptr ? 0 : known->smallest_vocabulary;
  problems.unless(vocab_size == 0 || (vocab_size >= smallest && vocab_size <= kLargestVocabulary),
                  "vocab_size of " + kind + " must be 0 (its default) or " + std::to_string(smallest) + " to " +
                      std::to_string(kLargestVocabulary) + ", got " + std::to_string(vocab_size));
  problems.unless(unit == "codepoint" || unit == "grapheme",
                  "unit must be codepoint or grapheme, got \"" + unit + "\"");
  problems.unless(letter_case == "keep" || letter_case == "factor",
                  "letter_case must be keep or factor, got \"" + letter_case + "\"");
  if (known != nullptr) {
    problems.unless(unit != "grapheme" || known->takes_unit, "unit grapheme is for tokenizer char, not for " + kind);
    problems.unless(letter_case != "factor" || known->takes_letter_case,
                    "letter_case factor is for tokenizer word, not for " + kind);
  }
  try {
    parse_normalization(normalize);
  } catch (const ConfigError& error) {
    problems.add(error.what());
  }
  problems.raise(hint);
}

std::vector<TokenId> Tokenizer::encode(std::string_view text) const {
  std::vector<TokenId> ids;
  encode(text, ids);
  return ids;
}

std::string Tokenizer::decode(std::span<const TokenId> ids) const {
  DecodeState state;
  std::string bytes;
  for (const TokenId id : ids) decode_step(id, state, bytes);
  end_half_byte(state, bytes);
  return replace_invalid_utf8(bytes);
}

std::string Tokenizer::fingerprint() const {
  const TokenizerData data = save();
  return hash_hex(data.json + '\0' + data.blob);
}

std::unique_ptr<Tokenizer> train_tokenizer(const TokenizerOptions& options, const TextSource& source) {
  options.validate();
  const Kind* kind = find_kind(options.kind);
  return kind != nullptr ? kind->train(options, source) : open_tokenizer(options.kind);
}

std::unique_ptr<Tokenizer> load_tokenizer(const TokenizerData& data) {
  const Json json = parse_json(data.json, kSavedTokenizer);
  const auto name = require<std::string>(json, "kind", kSavedTokenizer);
  if (name == kReadyModel) return load_ready_model(json, data.blob);
  if (const Kind* kind = find_kind(name)) return kind->load(json, data.blob);
  throw FormatError(std::string(kSavedTokenizer) + ": its kind \"" + name + "\" is unknown",
                    "a newer version of Fude may know it");
}

}  // namespace fude
