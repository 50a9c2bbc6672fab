#include "data/formats/markdown_emphasis.h"

#include <algorithm>
#include <array>

#include "data/formats/text_flow.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr size_t kMostAsterisks = 3;

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
  return std::string_view("#>|").find(rest[0]) != std::string_view::npos || rest.starts_with("- ") ||
         rest.starts_with("* ") || rest.starts_with("+ ") || (rest[0] >= '0' && rest[0] <= '9');
}

}  // namespace

std::vector<size_t> spaces_for_emphasis(std::string_view file) {
  std::vector<size_t> spaces;
  std::array<bool, kMostAsterisks + 1> open{};  // by the number of asterisks
  for (size_t begin = 0; begin < file.size();) {
    const std::string_view line = file.substr(begin, file.find('\n', begin) - begin);
    if (begins_block(line)) open = {};
    for (size_t at = line.find_first_of("\\`*"); at != std::string_view::npos; at = line.find_first_of("\\`*", at)) {
      if (line[at] != '*') {  // code has no emphasis
        const size_t code_end = line[at] == '`' ? line.find('`', at + 1) : std::string_view::npos;
        at = code_end == std::string_view::npos ? std::min(at + (line[at] == '\\' ? 2 : 1), line.size()) : code_end + 1;
        continue;
      }
      const size_t first = at;
      at = std::min(line.find_first_not_of('*', at), line.size());
      const Side before = side_before(line, first), behind = side_behind(line, at);
      if (at - first > kMostAsterisks || (before == Side::kSpace && behind == Side::kSpace)) continue;
      bool& is_open = open[at - first];
      is_open = before == Side::kSpace || (behind != Side::kSpace && !is_open);
      if (is_open && before == Side::kDenseLetter && behind == Side::kPunctuation) spaces.push_back(begin + first);
      if (!is_open && before == Side::kPunctuation && behind == Side::kDenseLetter) spaces.push_back(begin + at);
    }
    begin += line.size() + 1;
  }
  return spaces;
}

}  // namespace fude
