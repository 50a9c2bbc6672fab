// Tokenizers of every kind for the tests, learned from a text or from another one.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fude/text/tokenizer.h"

namespace fude {

inline constexpr std::string_view kTrainingText =
    "The brush drinks ink before it writes a word.\n"
    "The ink dries, and the word stays on the page.\n"
    "\tA word that waits is a word that weighs more; \"wait\", said the brush.\n"
    "\n"
    "筆は墨を飲んでから字を書く。字は紙に残り、墨は乾く。筆は待つ。\r\n"
    "The page keeps what the hand forgets, and the hand forgets the page.\n";

// "char/grapheme" and "word/factor" are kinds with an option.
inline TokenizerOptions options_of(const std::string& name) {
  TokenizerOptions options;
  options.kind = name.substr(0, name.find('/'));
  if (name.ends_with("/grapheme")) options.unit = "grapheme";
  if (name.ends_with("/factor")) options.letter_case = "factor";
  return options;
}

inline std::unique_ptr<Tokenizer> learn(TokenizerOptions options, std::string_view text = kTrainingText) {
  return train_tokenizer(options, [&](const TextSink& sink) { sink(text); });
}

inline std::unique_ptr<Tokenizer> learn(const std::string& kind, std::string_view text = kTrainingText,
                                        int vocab_size = 0, const std::string& normalize = "nfc") {
  TokenizerOptions options = options_of(kind);
  options.vocab_size = vocab_size;
  options.normalize = normalize;
  return learn(options, text);
}

inline std::vector<std::string> displays(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> names;
  for (const TokenId id : tokenizer.encode(text)) names.push_back(tokenizer.display(id));
  return names;
}

// The kinds that give every text back.
inline const std::vector<std::string> kLosslessKinds = {"char",        "char/grapheme", "byte",   "word",
                                                        "word/factor", "bpe",           "unigram"};
inline const std::vector<std::string> kAllKinds = {"char",        "char/grapheme", "byte", "word",
                                                   "word/factor", "whitespace",    "bpe",  "unigram"};

// A kind as part of a test's name.
inline std::string test_name(const testing::TestParamInfo<std::string>& kind) {
  std::string name = kind.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

}  // namespace fude
