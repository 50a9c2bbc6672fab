#include "data/formats/html_attributes.h"

#include <algorithm>
#include <initializer_list>

namespace fude {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

// Where `mark`, written in small letters, ends behind `from`; the end of the text when it does not come.
size_t behind(std::string_view html, std::string_view mark, size_t from) {
  const auto found = std::search(html.begin() + static_cast<std::ptrdiff_t>(from), html.end(), mark.begin(), mark.end(),
                                 [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
  return found == html.end() ? html.size() : static_cast<size_t>(found - html.begin()) + mark.size();
}

struct Tag {
  size_t end = 0;  // behind it
  size_t attributes = 0;
  size_t open_quote = std::string_view::npos;
};

// Whether what a quote holds from `begin` to `end` is the page rather than a value: it never ends, or the tag ends in
// its first line and others stand in the next ones.
bool is_swallowed(std::string_view html, size_t begin, size_t end) {
  if (end == std::string_view::npos) return true;
  const std::string_view value = html.substr(begin, end - begin);
  const size_t tag_end = value.find_first_of("<>"), line_end = value.find('\n');
  return tag_end < line_end && line_end != std::string_view::npos && value[tag_end] == '>' &&
         value.find("</") != std::string_view::npos;
}

Tag read_tag(std::string_view html, size_t begin) {
  Tag tag;
  bool apart = false;  // from what came before
  size_t at = begin;
  for (; at < html.size() && html[at] != '>'; ++at) {
    const char c = html[at];
    const bool blank = kBlanks.find(c) != std::string_view::npos;
    if (!blank && apart) ++tag.attributes;
    apart = blank;
    if (c != '=') continue;
    const size_t value = std::min(html.find_first_not_of(kBlanks, at + 1), html.size());
    if (value == html.size() || (html[value] != '"' && html[value] != '\'')) continue;
    const size_t end = html.find(html[value], value + 1);
    if (tag.open_quote == std::string_view::npos && is_swallowed(html, value + 1, end)) tag.open_quote = value;
    at = std::min(end, html.size() - 1);
    apart = true;
  }
  tag.end = std::min(at + 1, html.size());
  return tag;
}

}  // namespace

size_t find_open_quote(std::string_view html, size_t begin, size_t& end) {
  const Tag tag = read_tag(html, begin);
  end = tag.end;
  return tag.open_quote;
}

bool has_endless_tag(std::string_view html) {
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    const std::string_view rest = html.substr(at);
    if (rest.starts_with("<!--")) {
      at = behind(html, "-->", at);
    } else if (rest.starts_with("<!") || rest.starts_with("<?")) {
      at = behind(html, ">", at);
    } else if (rest.size() > 1 && is_letter(rest[1])) {
      const Tag tag = read_tag(html, at);
      if (tag.attributes > kMostAttributes) return true;
      // What is in these is no markup.
      for (const std::string_view element : {"script", "style"})
        if (behind(rest.substr(0, element.size() + 1), element, 1) == element.size() + 1 &&
            rest.substr(element.size() + 1, 1).find_first_not_of(" \t\r\n\f>/") == std::string_view::npos)
          at = behind(html, element == "script" ? "</script" : "</style", tag.end);
      at = std::max(at, tag.end);
    } else {
      ++at;
    }
  }
  return false;
}

}  // namespace fude
