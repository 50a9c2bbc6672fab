#include "text/tokenizer_kinds.h"

#include <algorithm>
#include <iterator>

namespace fude {
namespace {

// Vocabularies smaller than these hold nothing beside <eos>, what stands for bytes and a few characters.
constexpr int kSmallest = 32;
constexpr int kSmallestOfPieces = 320;

constexpr TokenizerKind kKinds[] = {
    {.name = "char", .smallest_vocabulary = kSmallest, .lossless = true, .takes_unit = true},
    {.name = "byte", .lossless = true},
    {.name = "word", .smallest_vocabulary = kSmallest, .lossless = true, .takes_letter_case = true},
    {.name = "whitespace"},
    {.name = "bpe", .smallest_vocabulary = kSmallestOfPieces, .lossless = true},
    {.name = "unigram", .smallest_vocabulary = kSmallestOfPieces, .lossless = true},
};

}  // namespace

std::span<const TokenizerKind> tokenizer_kinds() { return kKinds; }

const TokenizerKind* find_tokenizer_kind(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const TokenizerKind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::string tokenizer_kind_names(std::string_view separator) {
  std::string names;
  for (const TokenizerKind& kind : kKinds) {
    if (!names.empty()) names += separator;
    names += kind.name;
  }
  return names;
}

}  // namespace fude
