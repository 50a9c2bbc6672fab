// Texts through the tokenizers, there and back, and past the texts at which writing stops.
#include <memory>
#include <vector>

#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"
#include "fuzz/fuzz.h"
#include "generate/stop_matcher.h"

using namespace fude;

namespace {

constexpr std::string_view kText =
    "The brush drinks ink before it writes a word.\nThe ink dries, and the WORD stays on the page.\n"
    "\tA word that waits is a word that weighs more; \"wait\", said the brush.\n\n"
    "筆は墨を飲んでから字を書く。字は紙に残り、墨は乾く。筆は待つ。\r\n"
    "The page keeps what the hand forgets, and the hand forgets the page. e\u0301e\u0301\n";

std::vector<std::unique_ptr<Tokenizer>> learn() {
  std::vector<std::unique_ptr<Tokenizer>> tokenizers;
  for (const std::string kind :
       {"char", "char/grapheme", "byte", "word", "word/factor", "whitespace", "bpe", "unigram"}) {
    TokenizerOptions options;
    options.kind = kind.substr(0, kind.find('/'));
    if (kind.ends_with("/grapheme")) options.unit = "grapheme";
    if (kind.ends_with("/factor")) options.letter_case = "factor";
    tokenizers.push_back(train_tokenizer(options, [](const TextSink& sink) { sink(kText); }));
  }
  return tokenizers;
}

void there_and_back(const Tokenizer& tokenizer, const std::string& text) {
  const std::vector<TokenId> ids = tokenizer.encode(text);
  const std::string back = tokenizer.decode(ids);
  expect(tokenizer.loses_text() || back == normalize(text, Normalization::kNfc), "a text comes back");
  expect(tokenizer.encode(back) == ids || tokenizer.loses_text(), "and gives the same tokens");
  StreamDecoder stream(tokenizer);
  std::string streamed;
  for (const TokenId id : ids) streamed += stream.push(id);
  expect(streamed + stream.finish() == back, "token by token it is the same");

  const bool known = tokenizer.unknown_symbols(text, 1).empty();
  for (const OnUnknown policy : {OnUnknown::kError, OnUnknown::kReplace, OnUnknown::kSkip}) {
    try {
      encode_prompt(tokenizer, text, policy);
      expect(known || policy != OnUnknown::kError, "unknown symbols are told");
    } catch (const DataError&) {
      expect(!known && policy == OnUnknown::kError, "nothing else is an error");
    }
  }
}

void stops_at(const std::vector<std::string>& stops, std::string_view text, size_t portion) {
  size_t first = text.size(), end = std::string_view::npos;
  for (const std::string& stop : stops) {
    const size_t found = text.find(stop);
    if (found == std::string_view::npos) continue;
    // The one that is complete first, and of these the longest.
    if (found + stop.size() < end || (found + stop.size() == end && found < first))
      first = found, end = found + stop.size();
  }
  StopMatcher matcher(stops);
  std::string certain;
  for (std::string_view left = text; !left.empty() && !matcher.matched();) {
    certain += matcher.push(left.substr(0, portion));
    left.remove_prefix(std::min(portion, left.size()));
  }
  expect(matcher.matched() == (end != std::string_view::npos), "a stop text is seen");
  expect(certain + matcher.finish() == text.substr(0, first), "the text goes up to it");
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  static const std::vector<std::unique_ptr<Tokenizer>> tokenizers = learn();
  const uint8_t choice = input.byte();
  if (choice % 9 < 8) return there_and_back(*tokenizers[choice % 9], replace_invalid_utf8(input.rest()));
  const size_t portion = size_t{1} + input.byte() % 16;
  std::vector<std::string> stops;
  for (int count = input.byte() % 4; count > 0; --count)
    if (const std::string_view stop = input.line(); !stop.empty()) stops.emplace_back(stop);
  stops_at(stops, input.rest(), portion);
}
