#include "data/formats/markdown_signs.h"

#include <algorithm>
#include <array>

#include "data/formats/text_flow.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr size_t kMostAsterisks = 3;
constexpr size_t kMostDollars = 2;
constexpr std::string_view kMarksInFormulas = "*_~[]!<&|";  // without a meaning there

// What stands beside asterisks.
enum class Side { kSpace, kPunctuation, kLetter, kDenseLetter };

bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

Side side_of(char32_t c) {
  if (is_white_space(c)) return Side::kSpace;
  const bool ascii = within(c, '!', '/') || within(c, ':', '@') || within(c, '[', '`') || within(c, '{', '~');
  const bool wide = within(c, 0x3001, 0x3003) || within(c, 0x3008, 0x3011) || within(c, 0x3014, 0x301F) ||
                    within(c, 0xFF01, 0xFF0F) || within(c, 0xFF1A, 0xFF20) || within(c, 0xFF3B, 0xFF40) ||
                    within(c, 0xFF5B, 0xFF65) || c == 0x30FB;
  if (ascii || wide || within(c, 0x2010, 0x205E) || c == 0xAB || c == 0xBB) return Side::kPunctuation;
  // In Korean, particles follow a word without a space.
  return is_dense(c) || within(c, 0xAC00, 0xD7A3) ? Side::kDenseLetter : Side::kLetter;
}

Side side_before(std::string_view line, size_t at) {
  if (at == 0) return Side::kSpace;
  do --at;
  while (at > 0 && (line[at] & 0xC0) == 0x80);
  return side_of(next_code_point(line, at));
}

Side side_behind(std::string_view line, size_t at) {
  return at == line.size() ? Side::kSpace : side_of(next_code_point(line, at));
}

// Whether no emphasis goes on into a line.
bool begins_block(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return true;
  const std::string_view rest = line.substr(begin);
  const std::string_view behind_digits = rest.substr(std::min(rest.find_first_not_of("0123456789"), rest.size()));
  return std::string_view("#>|").find(rest[0]) != std::string_view::npos || rest.starts_with("- ") ||
         rest.starts_with("* ") || rest.starts_with("+ ") || rest.starts_with("```") || rest.starts_with("~~~") ||
         (behind_digits.size() < rest.size() && (behind_digits.starts_with(". ") || behind_digits.starts_with(") ")));
}

// Where the formula ends that one or two dollar signs begin at `open`; npos: it is none. With one it ends in the same
// line and, as elsewhere, no space stands inside next to either sign: $5 and $6 are none. With two it ends in the same
// paragraph. No letter stands behind it.
size_t formula_end(std::string_view file, size_t open, size_t signs) {
  const size_t begin = open + signs;
  for (size_t at = begin; at < file.size(); ++at) {
    const size_t next = at + 1;
    if (file[at] == '`') break;
    if (file[at] == '\n' && (signs == 1 || begins_block(file.substr(next, file.find('\n', next) - next)))) break;
    if (file[at] == '\\' && file.substr(next, 1) != "\n") {
      ++at;
      continue;
    }
    if (file[at] != '$') continue;
    const size_t end = std::min(file.find_first_not_of('$', at), file.size());
    const bool has_edges = signs == 1 && (file[begin] == ' ' || file[at - 1] == ' ');
    const bool fits = end - at == signs && !has_edges && side_behind(file, end) != Side::kLetter;
    return fits ? end : std::string_view::npos;
  }
  return std::string_view::npos;
}

class SignFinder {
 public:
  explicit SignFinder(std::string_view file) : file_(file) {}

  std::vector<MarkdownSign> find() {
    for (size_t begin = 0; begin < file_.size();) {
      const std::string_view line = file_.substr(begin, file_.find('\n', begin) - begin);
      if (begins_block(line)) open_ = {};
      for (size_t at = std::max(formula_end_, begin); at < begin + line.size();) {
        const size_t sign = line.find_first_of("\\`*$", at - begin);
        if (sign == std::string_view::npos) break;
        at = behind_span(line, begin, begin + sign);
      }
      begin += line.size() + 1;
    }
    return std::move(signs_);
  }

 private:
  // `at` and what comes back are places in the file, `begin` is that of the line.
  size_t behind_span(std::string_view line, size_t begin, size_t at) {
    switch (file_[at]) {
      case '\\':
        return at + 2;
      case '`': {  // code has no emphasis
        const size_t end = line.find('`', at - begin + 1);
        return end == std::string_view::npos ? at + 1 : begin + end + 1;
      }
      case '$':
        return behind_dollars(line, begin, at);
      default:
        return behind_asterisks(line, begin, at);
    }
  }

  size_t behind_dollars(std::string_view line, size_t begin, size_t first) {
    const size_t behind = std::min(file_.find_first_not_of('$', first), file_.size());
    const size_t count = behind - first;
    if (count > kMostDollars) return behind;
    const Side before = side_before(line, first - begin);
    const size_t end = before == Side::kLetter ? std::string_view::npos : formula_end(file_, first, count);
    if (end == std::string_view::npos) {
      for (size_t at = first; at < behind; ++at) signs_.push_back({at, '\\'});
      return behind;
    }
    if (before == Side::kDenseLetter) signs_.push_back({first, ' '});
    for (size_t at = behind; at < end; at += file_[at] == '\\' ? 2 : 1)
      if (kMarksInFormulas.find(file_[at]) != std::string_view::npos) signs_.push_back({at, '\\'});
    if (side_behind(file_, end) == Side::kDenseLetter) signs_.push_back({end, ' '});
    return formula_end_ = end;
  }

  size_t behind_asterisks(std::string_view line, size_t begin, size_t first) {
    const size_t end = std::min(file_.find_first_not_of('*', first), file_.size());
    const Side before = side_before(line, first - begin), behind = side_behind(line, end - begin);
    if (end - first > kMostAsterisks || (before == Side::kSpace && behind == Side::kSpace)) return end;
    bool& is_open = open_[end - first];
    is_open = before == Side::kSpace || (behind != Side::kSpace && !is_open);
    if (is_open && before == Side::kDenseLetter && behind == Side::kPunctuation) signs_.push_back({first, ' '});
    if (!is_open && before == Side::kPunctuation && behind == Side::kDenseLetter) signs_.push_back({end, ' '});
    return end;
  }

  std::string_view file_;
  std::vector<MarkdownSign> signs_;
  std::array<bool, kMostAsterisks + 1> open_{};  // emphasis, by the number of its asterisks
  size_t formula_end_ = 0;                       // of the last one
};

}  // namespace

std::vector<MarkdownSign> signs_for_spans(std::string_view file) { return SignFinder(file).find(); }

}  // namespace fude
