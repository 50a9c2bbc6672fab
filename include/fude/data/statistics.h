// What a text consists of, counted.
//
//   fude::TextStatistics statistics;
//   statistics.add("to be or not to be\n");
//   std::cerr << statistics.words() << " words, " << statistics.by_count().size() << " distinct characters\n";
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace fude {

class TextStatistics {
 public:
  // `text` must be valid UTF-8. Each call is a text of its own: a word or line does not go on in the next one.
  void add(std::string_view text);

  int64_t texts() const { return texts_; }
  int64_t bytes() const { return bytes_; }
  int64_t code_points() const { return code_points_; }
  int64_t non_ascii() const { return non_ascii_; }  // code points
  // Newlines, and a last line without one.
  int64_t lines() const { return lines_; }
  // Runs between white space: for a script without spaces (Japanese, Thai) that is far from the number of words.
  int64_t words() const { return words_; }
  int64_t longest_line() const { return longest_line_; }  // code points
  // Each code point and how often it comes, the most frequent first, equal ones by value.
  std::vector<std::pair<char32_t, int64_t>> by_count() const;

 private:
  int64_t texts_ = 0;
  int64_t bytes_ = 0;
  int64_t code_points_ = 0;
  int64_t non_ascii_ = 0;
  int64_t lines_ = 0;
  int64_t words_ = 0;
  int64_t longest_line_ = 0;
  std::map<char32_t, int64_t> counts_;
};

// Unicode's White_Space property.
bool is_white_space(char32_t code_point);

}  // namespace fude
