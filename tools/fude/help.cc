// The text of `fude COMMAND --help`, made from the table of flags.
#include <algorithm>

#include "flags.h"
#include "fude/text/unicode.h"
#include "terminal.h"

namespace fude {
namespace {

constexpr int kHelpColumn = 32;
constexpr int kWidest = 110;

// Breaks `text` at spaces so that it fits right of `column`, where the first line begins.
void append_wrapped(std::string& out, std::string_view text, int column, int width) {
  int at = column;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const int columns = display_width(word);
    if (at > column && at + 1 + columns > width) {
      out += "\n" + std::string(static_cast<size_t>(column), ' ');
      at = column;
    } else if (at > column) {
      out += ' ';
      ++at;
    }
    out += word;
    at += columns;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += '\n';
}

}  // namespace

std::string Flags::left_column(const Flag& flag) {
  std::string left = "      ";
  for (const std::string& alias : flag.aliases) {
    if (alias.size() == 1) left = "  -" + alias + ", ";
  }
  left += flag.binding.is_switch && flag.name != "help" ? "--[no-]" + flag.name : "--" + flag.name;
  return flag.value.empty() ? left : left + " " + flag.value;
}

std::string Flags::help() const {
  const int width = std::min(terminal_width(), kWidest);
  std::string out;
  append_wrapped(out, summary_, 0, width);
  out += "\nusage: fude " + command_;
  out += (positional_help_.empty() ? "" : " " + positional_help_) + " [flags]\n";

  std::vector<std::string> sections;
  for (const Flag& flag : flags_) {
    if (std::find(sections.begin(), sections.end(), flag.section) == sections.end()) sections.push_back(flag.section);
  }
  for (const std::string& title : sections) {
    out += "\n" + title + "\n";
    for (const Flag& flag : flags_) {
      if (flag.section != title) continue;
      std::string text = flag.help;
      std::string also;
      for (const std::string& alias : flag.aliases) {
        if (alias.size() > 1) also += (also.empty() ? "--" : ", --") + alias;
      }
      if (!also.empty()) text += " (also " + also + ")";
      if (flag.binding.is_switch && flag.name != "help") {
        text += flag.default_text == "true" ? " [on]" : " [off]";
      } else if (!flag.default_text.empty() && !flag.binding.is_switch) {
        text += " [" + flag.default_text + "]";
      }
      std::string left = left_column(flag);
      if (display_width(left) >= kHelpColumn - 1) {
        out += left + "\n";
        left.clear();
      }
      out += pad_right(left, kHelpColumn);
      append_wrapped(out, text, kHelpColumn, width);
    }
  }
  if (!examples_.empty()) out += "\nExamples\n";
  for (const std::string& line : examples_) out += "  " + line + "\n";
  return out;
}

}  // namespace fude
