// The one list of the kinds of tokenizers that are learned from text, and which options each takes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fude {

struct TokenizerKind {
  std::string_view name = {};
  // The least vocab_size; 0: the kind takes none.
  int smallest_vocabulary = 0;
  // Every text comes back from its tokens.
  bool lossless = false;
  bool takes_unit = false;
  bool takes_letter_case = false;
};

// In the order in which people are told of them.
std::span<const TokenizerKind> tokenizer_kinds();
// nullptr: there is no such kind.
const TokenizerKind* find_tokenizer_kind(std::string_view name);
// "char | byte | word", with `separator` between the names.
std::string tokenizer_kind_names(std::string_view separator = " | ");

}  // namespace fude
