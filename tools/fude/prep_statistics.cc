#include "prep_statistics.h"

#include <algorithm>
#include <cmath>

#include "data/shares.h"
#include "fude/data/suggest.h"
#include "fude/text/unicode.h"
#include "terminal.h"

namespace fude {
namespace {

constexpr size_t kMostFrequentShown = 20;
constexpr size_t kScriptsShown = 6;

std::string utf8(char32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  return text;
}

// A code point so that it can be seen: controls, spaces and combining marks by name.
std::string shown(char32_t code_point) {
  const std::string text = utf8(code_point);
  const bool visible =
      code_point > 0x20 && code_point != 0x7F && !is_white_space(code_point) && display_width(text) > 0;
  return visible ? text : code_point == U'\n' ? "\\n" : code_point == U' ' ? "space" : code_point_name(code_point);
}

int64_t all_letters(const TextStatistics& statistics) {
  int64_t letters = 0;
  for (const auto& [name, count] : statistics.scripts) letters += count;
  return letters;
}

class Table {
 public:
  void row(const std::string& name, const std::string& value, const std::string& note = {}) {
    text_ += pad_right(name, kNameColumns) + pad_left(value, kValueColumns) + (note.empty() ? "" : "  " + note) + "\n";
  }
  void row(const std::string& name, int64_t value, const std::string& note = {}) {
    row(name, with_commas(value), note);
  }
  void line(const std::string& name, const std::string& values) {
    text_ += pad_right(name, kNameColumns) + values + "\n";
  }
  std::string text() && { return std::move(text_); }

 private:
  static constexpr int kNameColumns = 22;
  static constexpr int kValueColumns = 14;
  std::string text_;
};

std::string scripts_line(const TextStatistics& statistics) {
  std::string line;
  for (size_t i = 0; i < std::min(statistics.scripts.size(), kScriptsShown); ++i) {
    const auto& [name, count] = statistics.scripts[i];
    line += (line.empty() ? "" : ", ") + name + " " + percent(share_of(count, all_letters(statistics)), 1);
  }
  if (statistics.scripts.size() > kScriptsShown)
    line += " and " + std::to_string(statistics.scripts.size() - kScriptsShown) + " more";
  return line;
}

std::string frequent_line(const TextStatistics& statistics) {
  std::string line;
  for (size_t i = 0; i < std::min(statistics.characters.size(), kMostFrequentShown); ++i) {
    const auto& [code_point, count] = statistics.characters[i];
    line += (line.empty() ? "" : " ") + shown(code_point) + " " +
            fixed(100 * share_of(count, statistics.code_points), 1) + "%";
  }
  return line;
}

// Where n-grams are seen less than eight times each, were all equally frequent, the text tells only a lower limit.
std::string entropy_line(const TextStatistics& statistics) {
  std::string line;
  double bits = 0;  // of n-grams
  bool any_is_rare = false;
  for (size_t n = 0; n < statistics.entropy.size(); ++n) {
    bits += statistics.entropy[n];
    const bool is_rare = 8 * std::exp2(bits) > static_cast<double>(statistics.entropy_characters);
    any_is_rare |= is_rare;
    line +=
        (n == 0 ? "" : "  ") + std::to_string(n + 1) + (is_rare ? ": over " : ": ") + fixed(statistics.entropy[n], 3);
  }
  if (any_is_rare) line += "  (over: so short a text cannot tell how much more)";
  if (statistics.entropy_characters < statistics.code_points)
    line += "  (of " + with_commas(statistics.entropy_characters) + " characters)";
  return line;
}

std::string coverage_line(const TextStatistics& statistics) {
  std::string line;
  for (const TextStatistics::Coverage& coverage : statistics.coverage)
    line += (line.empty() ? "" : "  ") + percent(coverage.share, 0) + ": " + with_commas(coverage.words);
  return line + (statistics.words_were_forgotten ? "  (too low: rare words were forgotten on the way)" : "");
}

}  // namespace

std::string statistics_table(const TextStatistics& statistics, int files) {
  Table table;
  table.row("files", files);
  table.row("documents", statistics.documents);
  table.row("bytes", statistics.bytes);
  table.row("characters", statistics.code_points);
  table.row("words", statistics.words);
  table.row("sentences", statistics.sentences);
  table.row("lines", statistics.lines);
  table.row("longest line", statistics.longest_line, "characters");
  table.row("repeated documents", statistics.duplicate_documents);
  table.row("repeated lines", statistics.duplicate_lines);
  table.row("distinct words", statistics.distinct_words, with_commas(statistics.words_seen_once) + " of them once");
  table.row("distinct characters", static_cast<int64_t>(statistics.characters.size()));
  table.row("beyond ASCII", percent(share_of(statistics.non_ascii, statistics.code_points), 2));
  if (!statistics.scripts.empty()) table.line("scripts", scripts_line(statistics));
  table.line("most frequent", frequent_line(statistics));
  table.line("bits/char, 1-5-grams", entropy_line(statistics));
  if (!statistics.coverage.empty()) table.line("words that make up", coverage_line(statistics));
  for (const Suggestion& suggestion : suggest(statistics))
    table.line("try fude " + suggestion.command,
               suggestion.flag + " " + suggestion.value + "  (" + suggestion.reason + ")");
  return std::move(table).text();
}

std::string statistics_json(const TextStatistics& statistics, int files, const Json& preparation) {
  Json alphabet = Json::array();
  for (const auto& [code_point, count] : statistics.characters)
    alphabet.push_back(
        {{"character", utf8(code_point)}, {"code_point", code_point_name(code_point)}, {"count", count}});
  Json scripts = Json::array();
  for (const auto& [name, letters] : statistics.scripts)
    scripts.push_back({{"script", name}, {"letters", letters}, {"share", share_of(letters, all_letters(statistics))}});
  Json coverage = Json::array();
  for (const auto& [part, words] : statistics.coverage) coverage.push_back({{"share", part}, {"words", words}});
  Json suggestions = Json::array();
  for (const auto& [command, flag, value, reason] : suggest(statistics))
    suggestions.push_back({{"command", command}, {"flag", flag}, {"value", value}, {"reason", reason}});
  Json json = {{"files", files},
               {"documents", statistics.documents},
               {"bytes", statistics.bytes},
               {"characters", statistics.code_points},
               {"words", statistics.words},
               {"sentences", statistics.sentences},
               {"lines", statistics.lines},
               {"longest_line", statistics.longest_line},
               {"duplicate_documents", statistics.duplicate_documents},
               {"duplicate_lines", statistics.duplicate_lines},
               {"distinct_words", statistics.distinct_words},
               {"words_seen_once", statistics.words_seen_once},
               {"words_were_forgotten", statistics.words_were_forgotten},
               {"distinct_characters", statistics.characters.size()},
               {"non_ascii_share", share_of(statistics.non_ascii, statistics.code_points)},
               {"scripts", scripts},
               {"entropy_bits_per_character", statistics.entropy},
               {"entropy_characters", statistics.entropy_characters},
               {"word_coverage", coverage},
               {"suggestions", suggestions},
               {"alphabet", alphabet}};
  json.update(preparation);
  return to_pretty_text(json);
}

}  // namespace fude
