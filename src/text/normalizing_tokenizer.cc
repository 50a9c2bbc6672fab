#include "text/normalizing_tokenizer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "fude/base/error.h"
#include "text/kinds.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace fude {

void NormalizingTokenizer::encode(std::string_view text, std::vector<TokenId>& ids) const {
  require_valid_utf8(text);
  std::string buffer;
  encode_normalized(normalized_view(text, form_, buffer), ids);
}

void NormalizingTokenizer::require_id(TokenId id) const {
  if (id >= 0 && id < vocab_size()) return;
  throw DataError("token " + std::to_string(id) + " is outside the vocabulary of " + std::to_string(vocab_size()),
                  "these tokens were made by another tokenizer");
}

Json NormalizingTokenizer::describe() const {
  Json json;
  json["kind"] = kind();
  json["normalize"] = to_string(form_);
  return json;
}

bool NormalizingTokenizer::knows(char32_t code_point) const {
  std::string character;
  append_utf8(character, code_point);
  std::vector<TokenId> ids;
  encode_normalized(character, ids);
  return std::none_of(ids.begin(), ids.end(), [this](TokenId id) { return is_fallback(id); });
}

std::vector<UnknownSymbol> NormalizingTokenizer::unknown_symbols(std::string_view text, size_t limit) const {
  require_valid_utf8(text);
  std::unordered_map<char32_t, bool> known;
  const auto is_known = [&](char32_t code_point) {
    const auto [entry, is_new] = known.try_emplace(code_point);
    if (is_new) entry->second = knows(code_point);
    return entry->second;
  };
  // Looked for only when a character is unknown: `at` is in the normalized text.
  std::optional<std::vector<Run>> runs;
  const auto in_known_run = [&](size_t at) {
    if (!runs) {
      std::string whole;
      runs = known_runs(normalized_view(text, form_, whole));
    }
    const auto after =
        std::upper_bound(runs->begin(), runs->end(), at, [](size_t value, const Run& run) { return value < run.end; });
    return after != runs->end() && after->begin <= at;
  };
  std::vector<UnknownSymbol> unknown;
  std::string buffer;
  TextPlace place;
  size_t normalized_begin = 0;
  for (size_t begin = 0; begin < text.size() && unknown.size() < limit;) {
    const size_t end = normalization_chunk_end(text, begin, form_);
    const std::string_view chunk = text.substr(begin, end - begin);
    const std::string_view normalized = normalized_view(chunk, form_, buffer);
    const bool changed = normalized.data() != chunk.data();
    // What normalization makes of a chunk has no places of its own in the text: it is one symbol, the whole chunk.
    for (size_t offset = 0; changed && offset < normalized.size();) {
      const size_t at = normalized_begin + offset;
      const char32_t code_point = next_code_point(normalized, offset);
      if (is_known(code_point) || in_known_run(at)) continue;
      unknown.push_back({code_point, std::string(chunk), begin, place.line, place.column});
      break;
    }
    for (const size_t chunk_begin = begin; begin < end;) {
      const size_t at = begin;
      const char32_t code_point = next_code_point(text, begin);
      if (!changed && unknown.size() < limit && !is_known(code_point) &&
          !in_known_run(normalized_begin + at - chunk_begin))
        unknown.push_back({code_point, std::string(text.substr(at, begin - at)), at, place.line, place.column});
      place.advance(code_point);
    }
    normalized_begin += normalized.size();
  }
  return unknown;
}

void TextPlace::advance(char32_t code_point) {
  if (code_point == U'\n') {
    ++line;
    column = 1;
  } else {
    ++column;
  }
}

void for_each_normalized(const TextSource& source, Normalization form, const TextSink& visit) {
  bool empty = true;
  std::string buffer;
  source([&](std::string_view document) {
    require_valid_utf8(document);
    empty = empty && document.empty();
    visit(normalized_view(document, form, buffer));
  });
  if (empty) throw DataError("the text is empty: a tokenizer has nothing to learn from", "give some text");
}

Normalization saved_normalization(const Json& json) {
  const auto name = require<std::string>(json, "normalize", kSavedTokenizer);
  try {
    return parse_normalization(name);
  } catch (const ConfigError& error) {
    throw FormatError(std::string(kSavedTokenizer) + ": " + error.what());
  }
}

std::vector<std::string> saved_pieces(const Json& json) {
  return require<std::vector<std::string>>(json, "pieces", kSavedTokenizer);
}

}  // namespace fude
