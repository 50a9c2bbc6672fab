#include <limits>
#include <utility>

#include "fude/base/error.h"
#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"
#include "text/near_relative.h"
#include "text/utf8.h"

namespace fude {
namespace {

constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();

// The symbol as an error shows it. Control characters and lone marks would spoil the line: their names tell enough.
std::string shown(const UnknownSymbol& symbol, bool is_word) {
  if (display_width(symbol.text) == 0) return code_point_name(symbol.code_point);
  const std::string quoted = "\"" + symbol.text + "\"";
  return is_word ? quoted : quoted + " (" + code_point_name(symbol.code_point) + ")";
}

[[noreturn]] void throw_unknown(const Tokenizer& tokenizer, const std::vector<UnknownSymbol>& unknown,
                                std::string_view name) {
  const UnknownSymbol& first = unknown.front();
  std::string message = std::string(name) + ":" + std::to_string(first.line) + ":" + std::to_string(first.column) +
                        ": " + shown(first, tokenizer.splits_on_whitespace()) + " is not in the model's vocabulary";
  if (unknown.size() > 1) message += ", and " + std::to_string(unknown.size() - 1) + " more";
  throw DataError(message, "--on-unknown replace puts a near relative in its place, --on-unknown skip leaves it out");
}

// What stands for an unknown symbol of a prompt; nothing when it has no relative that the tokenizer knows.
std::string replacement(const Tokenizer& tokenizer, const UnknownSymbol& symbol) {
  for (std::string& relative : near_relatives(symbol.text)) {
    if (tokenizer.unknown_symbols(relative, 1).empty()) return std::move(relative);
  }
  return tokenizer.splits_on_whitespace() ? "<unk>" : "";
}

}  // namespace

OnUnknown parse_on_unknown(std::string_view name) {
  if (name == "error") return OnUnknown::kError;
  if (name == "replace") return OnUnknown::kReplace;
  if (name == "skip") return OnUnknown::kSkip;
  throw ConfigError("on_unknown must be error, replace or skip, got \"" + std::string(name) + "\"");
}

std::vector<TokenId> encode_prompt(const Tokenizer& tokenizer, std::string_view prompt, OnUnknown policy,
                                   std::string_view name) {
  require_valid_utf8(prompt);
  std::string text(prompt);
  // What is put in or left out may meet its neighbours in normalization and become unknown again: then it goes.
  for (bool replace = policy == OnUnknown::kReplace;; replace = false) {
    const std::vector<UnknownSymbol> unknown = tokenizer.unknown_symbols(text, kNoLimit);
    if (unknown.empty()) break;
    if (policy == OnUnknown::kError) throw_unknown(tokenizer, unknown, name);
    std::string kept;
    size_t copied = 0;
    for (const UnknownSymbol& symbol : unknown) {
      kept.append(text, copied, symbol.offset - copied);
      if (replace) kept += replacement(tokenizer, symbol);
      copied = symbol.offset + symbol.text.size();
    }
    kept.append(text, copied);
    text = std::move(kept);
  }
  std::vector<TokenId> ids = tokenizer.encode(text);
  const bool ended_line = !ids.empty() && ids.back() == tokenizer.eos();
  if (ended_line && !text.ends_with('\n')) ids.pop_back();
  return ids;
}

}  // namespace fude
