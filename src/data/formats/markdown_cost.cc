#include "data/formats/markdown_cost.h"

#include <algorithm>
#include <cstdint>

namespace fude {
namespace {

// MD4C keeps some 50 bytes for each block that a line opens.
constexpr int64_t kMostBlocksALine = 100'000;
// MD4C counts them in 16 bits, and leaves out the cells of others.
constexpr int64_t kMostColumns = 65'535;
// For each bracket MD4C 0.4 walks over the lines of its paragraph: so many steps take seconds.
constexpr int64_t kMostSteps = int64_t{1} << 34;

int64_t count_of(std::string_view text, std::string_view characters) {
  return std::count_if(text.begin(), text.end(), [&](char c) { return characters.find(c) != std::string_view::npos; });
}

// Whether a paragraph may end before `line`: it is blank or an item of a list.
bool may_end_paragraph(std::string_view line) {
  const size_t indent = line.find_first_not_of(" \t\r");
  if (indent == std::string_view::npos) return true;
  return indent < 4 && std::string_view("-+*").find(line[indent]) < 3 && line.substr(indent + 1, 1) == " ";
}

}  // namespace

std::string excess_of_markdown(std::string_view file) {
  int64_t lines = 0, brackets = 0, steps = 0;  // the first two of the paragraph
  while (!file.empty()) {
    const std::string_view line = file.substr(0, file.find('\n'));
    file.remove_prefix(std::min(line.size() + 1, file.size()));
    if (count_of(line, "|") >= kMostColumns) return "a table of more than " + std::to_string(kMostColumns) + " columns";
    const std::string_view marks = line.substr(0, line.find_first_not_of(" \t>-+*.)0123456789"));
    if (count_of(marks, ">-+*.)") > kMostBlocksALine)
      return "blocks nested deeper than " + std::to_string(kMostBlocksALine) + " levels";
    if (may_end_paragraph(line)) lines = brackets = 0;
    ++lines;
    const int64_t here = count_of(line, "[]");
    brackets += here;
    // What this line adds to lines times brackets.
    steps += brackets + here * (lines - 1);
    if (steps > kMostSteps) return "paragraphs with very many lines and brackets";
  }
  return {};
}

}  // namespace fude
