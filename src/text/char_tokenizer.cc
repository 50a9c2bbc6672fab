#include <algorithm>
#include <utility>

#include "fude/base/error.h"
#include "text/kinds.h"
#include "text/segmenter.h"
#include "text/spelling_tokenizer.h"

namespace fude {
namespace {

constexpr size_t kCodePoints = 0x110000;
// A grapheme seen once teaches nothing about itself; spelled out, it teaches what graphemes are made of.
constexpr int64_t kFewestOccurrences = 2;
constexpr std::string_view kCodePoint = "codepoint";
constexpr std::string_view kGrapheme = "grapheme";

bool is_one_code_point(std::string_view grapheme) {
  if (grapheme.size() == 1) return true;
  size_t end = 0;
  next_code_point(grapheme, end);
  return end == grapheme.size();
}

// A token a code point, in ascending order (that of UTF-8 is the same).
class CharTokenizer : public SpellingTokenizer {
 public:
  CharTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once)
      : SpellingTokenizer(form, std::move(pieces), std::move(seen_once)) {}

  std::string_view kind() const override { return "char"; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override { spell(text, ids); }
};

// A token a grapheme; those outside the vocabulary are spelled. Which graphemes a text has is told by ICU's version of
// Unicode, so pieces are taken as they come.
class GraphemeTokenizer : public CharTokenizer {
 public:
  using CharTokenizer::CharTokenizer;

  TokenizerData save() const override {
    Json json = saved_json();
    json["unit"] = kGrapheme;
    return {to_text(json), {}};
  }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    for_each_segment(text, Segments::kGraphemes, [&](std::string_view grapheme) {
      const TokenId id = is_one_code_point(grapheme) ? -1 : vocabulary().find(grapheme);
      if (id >= 0) return ids.push_back(id);
      spell(grapheme, ids);
    });
  }

  std::vector<Run> known_runs(std::string_view text) const override {
    std::vector<Run> runs;
    for_each_segment(text, Segments::kGraphemes, [&](std::string_view grapheme) {
      const auto begin = static_cast<size_t>(grapheme.data() - text.data());
      if (vocabulary().find(grapheme) >= 0) runs.push_back({begin, begin + grapheme.size()});
    });
    return runs;
  }
};

std::unique_ptr<Tokenizer> train_graphemes(Normalization form, size_t limit, const TextSource& source) {
  CodePointCounts counts;
  PieceCounts graphemes(kMostCountedPieces);
  for_each_normalized(source, form, [&](std::string_view text) {
    counts.add(text);
    for_each_segment(text, Segments::kGraphemes, [&](std::string_view grapheme) {
      if (!is_one_code_point(grapheme) && grapheme.size() <= kLongestCountedPiece) graphemes.add(grapheme);
    });
  });
  auto frequent = graphemes.by_frequency();
  std::erase_if(frequent, [](const auto& grapheme) { return grapheme.second < kFewestOccurrences; });
  auto [pieces, seen_once] = choose_characters(counts, limit - std::min(limit / 2, frequent.size()));
  for (auto& [grapheme, count] : frequent) {
    if (pieces.size() >= limit) break;
    pieces.push_back(std::move(grapheme));
  }
  std::sort(pieces.begin(), pieces.end());
  return std::make_unique<GraphemeTokenizer>(form, std::move(pieces), std::move(seen_once));
}

}  // namespace

std::unique_ptr<Tokenizer> train_char(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  const auto limit =
      options.vocab_size == 0 ? kCodePoints : static_cast<size_t>(options.vocab_size - SpellingTokenizer::kFirstPiece);
  if (options.unit == kGrapheme) return train_graphemes(form, limit, source);
  CodePointCounts counts;
  for_each_normalized(source, form, [&](std::string_view text) { counts.add(text); });
  Characters characters = choose_characters(counts, limit);
  std::sort(characters.pieces.begin(), characters.pieces.end());
  return std::make_unique<CharTokenizer>(form, std::move(characters.pieces), std::move(characters.seen_once));
}

std::unique_ptr<Tokenizer> load_char(const Json& json, const std::string&) {
  const Normalization form = saved_normalization(json);
  std::vector<std::string> pieces = saved_pieces(json);
  const auto unit = get_or<std::string>(json, "unit", std::string(kCodePoint), kSavedTokenizer);
  if (unit == kGrapheme) return std::make_unique<GraphemeTokenizer>(form, std::move(pieces), saved_seen_once(json));
  if (unit != kCodePoint)
    throw FormatError(std::string(kSavedTokenizer) + ": unit must be codepoint or grapheme, got \"" + unit + "\"");
  for (const std::string& piece : pieces) {
    if (count_code_points(piece) != 1)
      throw FormatError(std::string(kSavedTokenizer) + ": piece \"" + piece + "\" is not one character");
  }
  return std::make_unique<CharTokenizer>(form, std::move(pieces), saved_seen_once(json));
}

}  // namespace fude
