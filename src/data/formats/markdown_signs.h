// Signs that a parser of CommonMark wants where people do not write them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fude {

struct MarkdownSign {
  size_t at;  // it is to stand before this byte
  char character;
  bool operator<(const MarkdownSign& other) const { return at < other.at; }
};

// A space where asterisks begin or end emphasis that were meant to: CommonMark wants one between a letter and asterisks
// with punctuation behind them, and nobody writes it in これと**「強調」**した. The same beside the dollar signs of a
// formula: 速さ$v$は. A backslash before dollar signs that begin and end none: from $5 to $6. Ascending.
std::vector<MarkdownSign> signs_for_spans(std::string_view file);

}  // namespace fude
