#include "fude/data/suggest.h"

#include <array>
#include <cstdio>
#include <iterator>

namespace fude {
namespace {

// Texts of at least so many characters are worth words or pieces of words; below, most of these come too seldom to be
// learned, while characters never do.
constexpr int64_t kEnoughForPieces = 5'000'000;
// More characters than this make the output layer of a small network its largest part.
constexpr size_t kManyCharacters = 500;
// So many times each, on average, is often.
constexpr double kOften = 1000;
// What a vocabulary of characters may leave to byte fallback.
constexpr double kLeftToBytes = 0.0005;
// Fewer repeated lines than this share are what any text has.
constexpr double kRepeatedLinesTold = 0.05;

struct BySize {
  int64_t characters;  // up to so many
  const char* value;
  const char* reason;
};

constexpr BySize kPresets[] = {
    {200'000, "tiny", "a larger network would learn so short a text by heart"},
    {5'000'000, "small", "the usual size for a few books"},
    {50'000'000, "medium", "so much text keeps a network of some million parameters from learning it by heart"},
    {INT64_MAX, "large", "there is text enough for the largest network, if there is time to train it"}};

constexpr BySize kPieceVocabularies[] = {{50'000'000, "4000", "each piece should come some thousand times"},
                                         {500'000'000, "8000", "so much text shows even rarer pieces often"},
                                         {INT64_MAX, "16000", "so much text shows even rare pieces often"}};

template <size_t N>
const BySize& by_size(const BySize (&table)[N], int64_t characters) {
  const BySize* row = std::begin(table);
  while (characters > row->characters) ++row;
  return *row;
}

std::string percent(double share, int digits = 0) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.*f %%", digits, 100 * share);
  return text.data();
}

std::string short_number(int64_t number) {
  if (number < 10'000) return std::to_string(number);
  if (number < 1'000'000) return std::to_string(number / 1000) + ",000";
  const int64_t tenths = number / 100'000;
  return std::to_string(tenths / 10) + (tenths < 1000 ? "." + std::to_string(tenths % 10) : "") + " million";
}

double share(int64_t part, int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

void suggest_pieces(const TextStatistics& text, std::vector<Suggestion>& suggestions) {
  const BySize& vocabulary = by_size(kPieceVocabularies, text.code_points);
  suggestions.push_back(
      {"train", "--tokenizer", "unigram",
       "with " + short_number(text.code_points) +
           " characters pieces of words come often enough to be learned, and a window of them reaches "
           "several times as far as one of characters"});
  suggestions.push_back({"train", "--vocab-size", vocabulary.value, vocabulary.reason});
}

void suggest_characters(const TextStatistics& text, std::vector<Suggestion>& suggestions) {
  const bool few = share(text.code_points, static_cast<int64_t>(text.characters.size())) >= kOften;
  std::string reason = short_number(text.code_points) +
                       (few ? " characters show each of them often" : " characters show most of them often");
  if (text.distinct_words > 0) {
    reason += ", but " + percent(share(text.words_seen_once, text.distinct_words)) + " of the " +
              short_number(text.distinct_words) + " different words only once";
  }
  suggestions.push_back({"train", "--tokenizer", "char", reason});
  const size_t all = text.characters.size();
  if (all <= kManyCharacters) {
    suggestions.push_back(
        {"train", "--vocab-size", "0", "all " + std::to_string(all) + " characters: few enough to need no limit"});
    return;
  }
  size_t kept = 0;
  int64_t left = text.code_points;
  while (share(left, text.code_points) > kLeftToBytes) left -= text.characters[kept++].second;
  // The vocabulary holds <eos> and sixteen halves of bytes as well.
  constexpr size_t kOthers = 17;
  suggestions.push_back({"train", "--vocab-size", std::to_string(kept + kOthers),
                         std::to_string(kept) + " of " + std::to_string(all) + " characters make up " +
                             percent(1 - share(left, text.code_points), 2) +
                             " of the text; the others are written in bytes"});
}

}  // namespace

std::vector<Suggestion> suggest(const TextStatistics& text) {
  std::vector<Suggestion> suggestions;
  if (text.code_points == 0) return suggestions;
  if (text.duplicate_documents > 0) {
    suggestions.push_back(
        {"prep", "--dedup", "documents",
         short_number(text.duplicate_documents) + " documents come again: what is read twice is learned by heart"});
  } else if (share(text.duplicate_lines, text.lines) > kRepeatedLinesTold) {
    suggestions.push_back({"prep", "--dedup", "lines",
                           percent(share(text.duplicate_lines, text.lines)) +
                               " of the lines come again; where that is no refrain or dialogue they are in the way"});
  }
  if (text.code_points < kEnoughForPieces) {
    suggest_characters(text, suggestions);
  } else {
    suggest_pieces(text, suggestions);
  }
  const BySize& preset = by_size(kPresets, text.code_points);
  suggestions.push_back(
      {"train", "--preset", preset.value, short_number(text.code_points) + " characters: " + preset.reason});
  return suggestions;
}

}  // namespace fude
