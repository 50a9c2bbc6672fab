// Markdown as its parser is to see it, so that it leaves no text out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

// A copy of a file with marks put in, which shown() takes out again: a backslash before each definition of a link that
// no link uses ("[Anna]: Hello!" and "[^1]: A footnote." are such ones, and the parser would swallow them) and those
// signs that the other rooms of Markdown ask for.
class MarkdownSource {
 public:
  explicit MarkdownSource(std::string_view file);

  // For the parser.
  std::string_view text() const { return text_; }
  // What the file has where the parser shows `part`, a part of text() or text of the parser's own.
  std::string shown(std::string_view part);
  // What the file has between the part shown before and `part`, marks included; call it before shown(part).
  std::string_view skipped_before(std::string_view part) const;
  // Whether `part` begins with a definition that is text: it had a line of its own.
  bool begins_definition(std::string_view part) const;
  // How many definitions of links have not been shown.
  size_t hidden_definitions() const { return colons_.size() - shown_colons_; }

 private:
  bool holds(std::string_view part) const;

  std::string text_;
  std::vector<size_t> marks_;        // where they are in text_
  std::vector<size_t> definitions_;  // of these, those before definitions
  std::vector<size_t> colons_;       // of definitions that links use, in text_
  size_t shown_colons_ = 0;
  size_t shown_ = 0;  // of text_
};

}  // namespace fude
