// What a text consists of, counted.
//
//   fude::StatisticsCounter counter;
//   fude::Corpus({.inputs = {"stories/"}}).visit(counter);
//   const fude::TextStatistics statistics = counter.finish();
//   std::cerr << statistics.words << " words, " << statistics.characters.size() << " different characters\n";
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fude/data/document_sink.h"

namespace fude {

// Words are those of Unicode (UAX #29) that hold a letter or digit, by ICU's dictionaries where a script has no spaces.
// Sentences end by the rules of UAX #29 and at empty lines; other line ends count as spaces, as text is often wrapped.
struct TextStatistics {
  int64_t documents = 0;
  int64_t bytes = 0;
  int64_t code_points = 0;
  int64_t non_ascii = 0;     // code points
  int64_t lines = 0;         // newlines, and a document's last line without one
  int64_t longest_line = 0;  // code points
  int64_t words = 0;
  int64_t sentences = 0;

  // Each code point and how often it comes, the most frequent first, equal ones by value.
  std::vector<std::pair<char32_t, int64_t>> characters;
  // Each script and how many letters are of it, the most frequent first.
  std::vector<std::pair<std::string, int64_t>> scripts;

  // That repeat an earlier one exactly; lines that are not empty.
  int64_t duplicate_documents = 0;
  int64_t duplicate_lines = 0;

  // What the next character tells when the n-1 before it are known, in bits, for n from 1 to 5: the entropy of n-grams
  // less that of (n-1)-grams (Shannon 1951). Too low where n-grams are seen a few times only. Counted on
  // `entropy_characters` of the text: all of it, or blocks that chance chose from all of it where it has more than
  // kEntropyCharacters.
  std::vector<double> entropy;
  int64_t entropy_characters = 0;
  static constexpr int64_t kEntropyCharacters = int64_t{1} << 22;

  // How many of the most frequent words make up a share of all words.
  struct Coverage {
    double share = 0;
    int64_t words = 0;
  };
  std::vector<Coverage> coverage;  // of 50, 80, 90, 95 and 99 %
  int64_t distinct_words = 0;
  int64_t words_seen_once = 0;
  // The text has more than kDistinctWords different words: rare ones were forgotten on the way, so the two counts and
  // the coverage above 90 % are too low.
  bool words_were_forgotten = false;
  static constexpr int64_t kDistinctWords = int64_t{1} << 21;
};

struct StatisticsOptions {
  int64_t memory = int64_t{256} << 20;  // of the keys of duplicates; beyond it they go to temporary files
  std::string temporary_folder = {};    // empty: the system's (TMPDIR)
};

// Takes documents. Beside `memory` it holds at most some 150 MiB, whatever the text.
class StatisticsCounter : public DocumentSink {
 public:
  explicit StatisticsCounter(const StatisticsOptions& options = {});
  ~StatisticsCounter() override;
  void text(std::string_view piece) override;
  void end_document() override;

  // Once, at the end.
  TextStatistics finish();

 private:
  struct Counters;
  std::unique_ptr<Counters> counters_;
};

}  // namespace fude
