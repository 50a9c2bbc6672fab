#include <algorithm>
#include <utility>

#include "text/kinds.h"
#include "text/spelling_tokenizer.h"
#include "text/word_segmenter.h"

namespace fude {
namespace {

constexpr int kDefaultVocabulary = 10000;
// A word seen once teaches nothing about itself; spelled out, it teaches spelling.
constexpr int64_t kFewestOccurrences = 2;
// Different words counted at a time: some 200 MB.
constexpr size_t kMostCounted = size_t{1} << 21;

// A token a word, with the single space before it. Words outside the vocabulary are spelled.
class WordTokenizer : public SpellingTokenizer {
 public:
  WordTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once)
      : SpellingTokenizer(form, std::move(pieces), std::move(seen_once)) {}

  std::string_view kind() const override { return "word"; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    for_each_word(text, [&](std::string_view segment) {
      if (const TokenId id = vocabulary().find(segment); id >= 0) return ids.push_back(id);
      // A word that is known, but not behind a space.
      const TokenId rest = segment.front() == ' ' ? vocabulary().find(segment.substr(1)) : -1;
      spell(rest >= 0 ? segment.substr(0, 1) : segment, ids);
      if (rest >= 0) ids.push_back(rest);
    });
  }
};

}  // namespace

std::unique_ptr<Tokenizer> train_word(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  CodePointCounts characters;
  PieceCounts words(kMostCounted);
  for_each_normalized(source, form, [&](std::string_view text) {
    characters.add(text);
    for_each_word(text, [&](std::string_view segment) { words.add(segment); });
  });
  const int vocab_size = options.vocab_size == 0 ? kDefaultVocabulary : options.vocab_size;
  const auto limit = static_cast<size_t>(vocab_size - SpellingTokenizer::kFirstPiece);
  auto [pieces, seen_once] = choose_characters(characters, limit / 2);
  for (auto& [word, count] : words.by_frequency()) {
    if (count < kFewestOccurrences || pieces.size() >= limit) break;
    if (count_code_points(word) > 1) pieces.push_back(std::move(word));
  }
  return std::make_unique<WordTokenizer>(form, std::move(pieces), std::move(seen_once));
}

std::unique_ptr<Tokenizer> load_word(const Json& json, const std::string&) {
  return std::make_unique<WordTokenizer>(saved_normalization(json), saved_pieces(json), saved_seen_once(json));
}

}  // namespace fude
