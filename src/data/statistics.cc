#include "fude/data/statistics.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/parallel.h"
#include "data/character_counts.h"
#include "data/duplicate_stages.h"
#include "data/ngram_entropy.h"
#include "data/word_counts.h"
#include "fude/text/unicode.h"
#include "text/scripts.h"
#include "text/words.h"

namespace fude {
namespace {

constexpr int kLongestNgram = 5;

// Keys of lines, and how many lines there are and how long.
class LineFigures : public LineStage {
 public:
  explicit LineFigures(DuplicateFinder& finder) : keys_(finder) {}

  int64_t lines() const { return lines_; }
  int64_t longest() const { return longest_; }

 protected:
  void line_part(std::string_view part) override {
    length_ += static_cast<int64_t>(count_code_points(part));
    keys_.text(part);
  }
  void line_end(std::string_view) override {
    keys_.text("\n");
    longest_ = std::max(longest_, length_);
    length_ = 0;
    ++lines_;
  }
  void document_end() override {}

 private:
  LineKeys keys_;
  int64_t lines_ = 0;
  int64_t length_ = 0;
  int64_t longest_ = 0;
};

// Words and sentences. Documents are gathered, as short ones cost ICU more than their text does, and so are portions of
// text, for many threads to look at.
class WordFigures {
 public:
  void text(std::string_view piece) {
    std::string& gathered = portions_[filled_].text;
    gathered += piece;
    if (gathered.size() <= kGathered) return;
    std::string rest = gathered.substr(find_sentence_begin(gathered));
    gathered.resize(gathered.size() - rest.size());
    if (++filled_ == kPortions) count();
    portions_[filled_].text = std::move(rest);
  }
  void end_document() { portions_[filled_].text += "\n\n"; }
  void count() {
    parallel_for(static_cast<int>(kPortions), [this](int k) { portions_[static_cast<size_t>(k)].count(); });
    for (Portion& portion : portions_) {
      for (const uint64_t word : portion.words) words_.add(word);
      sentences_ += portion.sentences;
      portion.text.clear();
    }
    filled_ = 0;
  }

  const WordCounts& words() const { return words_; }
  int64_t sentences() const { return sentences_; }

 private:
  static constexpr size_t kGathered = size_t{1} << 16;
  static constexpr size_t kPortions = 16;

  struct Portion {
    std::string text;
    std::vector<uint64_t> words;  // their keys
    int64_t sentences = 0;

    void count() {
      words.clear();
      for_each_plain_word(text, [&](std::string_view word) { words.push_back(WordCounts::key_of(word)); });
      sentences = count_sentences(text);
    }
  };

  std::array<Portion, kPortions> portions_;
  size_t filled_ = 0;
  WordCounts words_{TextStatistics::kDistinctWords};
  int64_t sentences_ = 0;
};

std::vector<std::pair<std::string, int64_t>> count_scripts(
    const std::vector<std::pair<char32_t, int64_t>>& characters) {
  std::map<Script, int64_t> letters;
  for (const auto& [code_point, count] : characters) {
    if (const auto script = script_of(code_point)) letters[*script] += count;
  }
  std::vector<std::pair<std::string, int64_t>> scripts;
  for (const auto& [script, count] : letters) scripts.emplace_back(script_name(script), count);
  std::stable_sort(scripts.begin(), scripts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return scripts;
}

}  // namespace

struct StatisticsCounter::Counters {
  explicit Counters(const StatisticsOptions& options)
      : document_finder(static_cast<size_t>(options.memory / 2), options.temporary_folder),
        line_finder(static_cast<size_t>(options.memory / 2), options.temporary_folder) {}

  DuplicateFinder document_finder;
  DuplicateFinder line_finder;
  DocumentKeys documents{document_finder};
  LineFigures lines{line_finder};
  CharacterCounts characters;
  WordFigures words;
  NgramEntropy ngrams{TextStatistics::kEntropyCharacters};
  TextStatistics figures;
  bool ends_with_newline = true;
};

StatisticsCounter::StatisticsCounter(const StatisticsOptions& options)
    : counters_(std::make_unique<Counters>(options)) {}

StatisticsCounter::~StatisticsCounter() = default;

void StatisticsCounter::text(std::string_view piece) {
  Counters& counters = *counters_;
  counters.figures.bytes += static_cast<int64_t>(piece.size());
  counters.documents.text(piece);
  counters.lines.text(piece);
  counters.characters.add(piece);
  counters.words.text(piece);
  counters.ngrams.add(piece);
  counters.ends_with_newline = piece.ends_with('\n');
}

void StatisticsCounter::end_document() {
  Counters& counters = *counters_;
  ++counters.figures.documents;
  counters.documents.end_document();
  counters.lines.end_document();
  counters.words.end_document();
  if (!counters.ends_with_newline) counters.ngrams.add("\n");
}

TextStatistics StatisticsCounter::finish() {
  Counters& counters = *counters_;
  counters.words.count();
  TextStatistics& figures = counters.figures;
  figures.code_points = counters.characters.total();
  figures.non_ascii = counters.characters.non_ascii();
  figures.lines = counters.lines.lines();
  figures.longest_line = counters.lines.longest();
  figures.sentences = counters.words.sentences();
  figures.characters = counters.characters.by_count();
  figures.scripts = count_scripts(figures.characters);
  figures.duplicate_documents = static_cast<int64_t>(counters.document_finder.find().size());
  figures.duplicate_lines = static_cast<int64_t>(counters.line_finder.find().size());
  figures.entropy = counters.ngrams.bits(kLongestNgram);
  figures.entropy_characters = counters.ngrams.characters();

  const WordCounts& words = counters.words.words();
  figures.words = words.total();
  figures.distinct_words = words.distinct();
  figures.words_seen_once = words.seen_once();
  figures.words_were_forgotten = words.forgot();
  if (figures.words > 0) {
    const std::vector<double> shares = {0.5, 0.8, 0.9, 0.95, 0.99};
    const std::vector<int64_t> needed = words.needed_for(shares);
    for (size_t i = 0; i < shares.size(); ++i) figures.coverage.push_back({shares[i], needed[i]});
  }
  return std::move(figures);
}

}  // namespace fude
