#include <algorithm>
#include <utility>

#include "fude/base/error.h"
#include "text/cased_words.h"
#include "text/kinds.h"
#include "text/spelling_tokenizer.h"
#include "text/word_segmenter.h"

namespace fude {
namespace {

constexpr int kDefaultVocabulary = 10000;
// A word seen once teaches nothing about itself; spelled out, it teaches spelling.
constexpr int64_t kFewestOccurrences = 2;

constexpr TokenId kMarks = 2;
constexpr std::string_view kFactor = "factor";

// A token a word, with the single space before it. Words outside the vocabulary are spelled.
class WordTokenizer : public SpellingTokenizer {
 public:
  WordTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once)
      : SpellingTokenizer(form, std::move(pieces), std::move(seen_once)) {}

  std::string_view kind() const override { return "word"; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    for_each_word(text, [&](std::string_view word) {
      if (append_known(word, ids)) return;
      // A word that is known, but not behind a space.
      const size_t ids_before = ids.size();
      if (word.size() > 1 && word.front() == ' ') {
        spell(word.substr(0, 1), ids);
        if (append_known(word.substr(1), ids)) return;
        ids.resize(ids_before);
      }
      spell(word, ids);
    });
  }

  std::vector<Run> known_runs(std::string_view text) const override {
    std::vector<Run> runs;
    std::vector<TokenId> ids;
    for_each_word(text, [&](std::string_view word) {
      const auto begin = static_cast<size_t>(word.data() - text.data());
      const size_t end = begin + word.size();
      if (append_known(word, ids)) {
        runs.push_back({begin, end});
      } else if (word.size() > 1 && word.front() == ' ' && append_known(word.substr(1), ids)) {
        runs.push_back({begin + 1, end});
      }
      ids.clear();
    });
    return runs;
  }

  // False: the vocabulary does not hold `word`.
  virtual bool append_known(std::string_view word, std::vector<TokenId>& ids) const {
    const TokenId id = vocabulary().find(word);
    if (id >= 0) ids.push_back(id);
    return id >= 0;
  }
};

// Words in small letters, and before them a mark when they are capitalized or in capitals.
class CasedWordTokenizer : public WordTokenizer {
 public:
  CasedWordTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once)
      : WordTokenizer(form, std::move(pieces), std::move(seen_once)), cased_(vocabulary().pieces()) {}

  int vocab_size() const override { return first_mark() + kMarks; }

  void decode_step(TokenId id, DecodeState& state, std::string& bytes) const override {
    require_id(id);
    const LetterCase letter_case = std::exchange(state.letter_case, LetterCase::kAsIs);
    if (id >= first_mark()) {
      end_half_byte(state, bytes);
      state.letter_case = case_of(id);
    } else if (id >= kFirstPiece && letter_case != LetterCase::kAsIs) {
      end_half_byte(state, bytes);
      bytes += cased_.form(static_cast<size_t>(id - kFirstPiece), letter_case);
    } else {
      SpellingTokenizer::decode_step(id, state, bytes);
    }
  }

  std::string display(TokenId id) const override {
    if (id < first_mark() || id >= vocab_size()) return SpellingTokenizer::display(id);
    return case_of(id) == LetterCase::kUpper ? "<upper>" : "<capitalized>";
  }

  TokenizerData save() const override {
    Json json = saved_json();
    json["letter_case"] = kFactor;
    return {to_text(json), {}};
  }

 protected:
  bool append_known(std::string_view word, std::vector<TokenId>& ids) const override {
    if (WordTokenizer::append_known(word, ids)) return true;
    const CasedWords::Match match = cased_.find(word);
    if (match.letter_case == LetterCase::kAsIs) return false;
    ids.push_back(first_mark() + (match.letter_case == LetterCase::kUpper ? 1 : 0));
    ids.push_back(kFirstPiece + static_cast<TokenId>(match.index));
    return true;
  }

 private:
  // Behind the pieces.
  TokenId first_mark() const { return vocabulary().end_id(); }
  LetterCase case_of(TokenId mark) const {
    return mark == first_mark() ? LetterCase::kCapitalized : LetterCase::kUpper;
  }

  CasedWords cased_;
};

std::unique_ptr<Tokenizer> make_word(bool factor, Normalization form, std::vector<std::string> pieces,
                                     std::string seen_once) {
  if (factor) return std::make_unique<CasedWordTokenizer>(form, std::move(pieces), std::move(seen_once));
  return std::make_unique<WordTokenizer>(form, std::move(pieces), std::move(seen_once));
}

}  // namespace

std::unique_ptr<Tokenizer> train_word(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  const bool factor = options.letter_case == kFactor;
  CodePointCounts characters;
  PieceCounts words(kMostCountedPieces);
  for_each_normalized(source, form, [&](std::string_view text) {
    characters.add(text);
    for_each_word(text, [&](std::string_view word) {
      if (word.size() <= kLongestCountedPiece) words.add(word);
    });
  });
  if (factor) words = join_cases(words);
  const int vocab_size = options.vocab_size == 0 ? kDefaultVocabulary : options.vocab_size;
  const auto limit = static_cast<size_t>(vocab_size - SpellingTokenizer::kFirstPiece - (factor ? kMarks : 0));
  auto [pieces, seen_once] = choose_characters(characters, limit / 2);
  for (auto& [word, count] : words.by_frequency()) {
    if (count < kFewestOccurrences || pieces.size() >= limit) break;
    if (count_code_points(word) > 1) pieces.push_back(std::move(word));
  }
  return make_word(factor, form, std::move(pieces), std::move(seen_once));
}

std::unique_ptr<Tokenizer> load_word(const Json& json, const std::string&) {
  const auto letter_case = get_or<std::string>(json, "letter_case", "keep", kSavedTokenizer);
  if (letter_case != "keep" && letter_case != kFactor)
    throw FormatError(std::string(kSavedTokenizer) + ": letter_case must be keep or factor, got \"" + letter_case +
                      "\"");
  return make_word(letter_case == kFactor, saved_normalization(json), saved_pieces(json), saved_seen_once(json));
}

}  // namespace fude
