#include "fude/data/suggest.h"

#include <iterator>

#include "data/shares.h"

namespace fude {
namespace {

// Texts of at least so many characters are worth words or pieces of words; below, most of these come too seldom to be
// learned, while characters never do.
constexpr int64_t kEnoughForPieces = 5'000'000;
// More characters than this make the output layer of a small network its largest part.
constexpr size_t kManyCharacters = 500;
// Of a text with fewer characters nothing can be said.
constexpr int64_t kEnoughToTell = 10'000;
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

// "4,795", "14,000", "1.2 million": to the nearest.
std::string short_number(int64_t number) {
  constexpr int64_t kThousand = 1'000, kExact = 10 * kThousand, kMillion = kThousand * kThousand;
  if (number >= kMillion - kThousand / 2) {
    const int64_t tenths = (number + kMillion / 20) / (kMillion / 10);
    return std::to_string(tenths / 10) + (tenths < 1000 ? "." + std::to_string(tenths % 10) : "") + " million";
  }
  if (number < kThousand) return std::to_string(number);
  if (number >= kExact) number = (number + kThousand / 2) / kThousand * kThousand;
  const std::string digits = std::to_string(number % kThousand);
  return std::to_string(number / kThousand) + "," + std::string(3 - digits.size(), '0') + digits;
}

std::string characters_of(const TextStatistics& text) {
  return short_number(text.code_points) + (text.code_points == 1 ? " character" : " characters");
}

void suggest_pieces(const TextStatistics& text, std::vector<Suggestion>& suggestions) {
  const BySize& vocabulary = by_size(kPieceVocabularies, text.code_points);
  suggestions.push_back({"train", "--tokenizer", "unigram",
                         "with " + characters_of(text) +
                             " pieces of words come often enough to be learned, and a window of them reaches "
                             "several times as far as one of characters"});
  suggestions.push_back({"train", "--vocab-size", vocabulary.value, vocabulary.reason});
}

std::string why_characters(const TextStatistics& text) {
  if (text.code_points < kEnoughToTell) return characters_of(text) + ": too short a text for anything larger";
  const bool few = share_of(text.code_points, static_cast<int64_t>(text.characters.size())) >= kOften;
  std::string reason = characters_of(text) + (few ? " show each of the " : " show most of the ") +
                       short_number(static_cast<int64_t>(text.characters.size())) + " different ones often";
  if (text.words_seen_once > 0) {
    reason += ", but " + percent(share_of(text.words_seen_once, text.distinct_words), 0) + " of its " +
              short_number(text.distinct_words) + " different words only once";
  }
  return reason;
}

void suggest_characters(const TextStatistics& text, std::vector<Suggestion>& suggestions) {
  suggestions.push_back({"train", "--tokenizer", "char", why_characters(text)});
  const size_t all = text.characters.size();
  if (all <= kManyCharacters) return;
  size_t kept = 0;
  int64_t left = text.code_points;
  while (share_of(left, text.code_points) > kLeftToBytes) left -= text.characters[kept++].second;
  // Without a limit all that come twice get a token.
  if (kept == all || text.characters[kept].second == 1) return;
  // The vocabulary holds <eos> and sixteen halves of bytes as well.
  constexpr size_t kOthers = 17;
  suggestions.push_back({"train", "--vocab-size", std::to_string(kept + kOthers),
                         short_number(static_cast<int64_t>(kept)) + " of " + short_number(static_cast<int64_t>(all)) +
                             " characters make up " + percent(1 - share_of(left, text.code_points), 2) +
                             " of the text; the others would be written in bytes"});
}

}  // namespace

std::vector<Suggestion> suggest(const TextStatistics& text) {
  std::vector<Suggestion> suggestions;
  if (text.code_points == 0) return suggestions;
  if (text.duplicate_documents > 0) {
    suggestions.push_back({"prep", "--dedup", "documents",
                           short_number(text.duplicate_documents) +
                               (text.duplicate_documents == 1 ? " document comes again: " : " documents come again: ") +
                               "what is read twice is learned by heart"});
  } else if (share_of(text.duplicate_lines, text.lines) > kRepeatedLinesTold) {
    suggestions.push_back({"prep", "--dedup", "lines",
                           percent(share_of(text.duplicate_lines, text.lines), 0) +
                               " of the lines come again; where that is no refrain or dialogue they are in the way"});
  }
  if (text.code_points < kEnoughForPieces) {
    suggest_characters(text, suggestions);
  } else {
    suggest_pieces(text, suggestions);
  }
  const BySize& preset = by_size(kPresets, text.code_points);
  suggestions.push_back({"train", "--preset", preset.value, characters_of(text) + ": " + preset.reason});
  return suggestions;
}

}  // namespace fude
