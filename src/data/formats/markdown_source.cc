#include "data/formats/markdown_source.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "data/formats/markdown_signs.h"
#include "data/formats/markdown_tables.h"
#include "text/letter_case.h"

namespace fude {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr size_t kLongestLabel = 999;  // in characters; more bytes do no harm

bool is_blank(char c) { return kBlanks.find(c) != std::string_view::npos; }

// "[label]: destination" at the start of a line, as far as one sees without its paragraph.
struct Definition {
  size_t open = 0;     // the bracket
  size_t colon = 0;    // behind the other one
  bool hides = false;  // "[//]: # (a comment)"
};

// Where the bracket at `open` is closed, without another one between; npos: nowhere near.
size_t closing_bracket(std::string_view file, size_t open) {
  const size_t end = std::min(file.size(), open + 4 * kLongestLabel);
  for (size_t at = open + 1; at < end; ++at) {
    if (file[at] == ']') return at;
    if (file[at] == '[') break;
    if (file[at] == '\\') ++at;
  }
  return std::string_view::npos;
}

// Labels that name the same link are equal.
std::string normal_label(std::string_view label) {
  std::string normal;
  for (const char c : label) {
    if (!is_blank(c))
      normal += c;
    else if (!normal.empty() && normal.back() != ' ')
      normal += ' ';
  }
  if (normal.ends_with(' ')) normal.pop_back();
  return lower_case(normal);
}

std::vector<Definition> find_definitions(std::string_view file) {
  std::vector<Definition> definitions;
  for (size_t line = 0; line < file.size(); line = std::min(file.find('\n', line), file.size() - 1) + 1) {
    // Behind the marks of quotes and items.
    size_t open = file.find_first_not_of(" \t>-+*.)0123456789", line);
    if (open == std::string_view::npos) break;
    const std::string_view task = file.substr(open, 4);
    if (task.size() == 4 && task[0] == '[' && task[2] == ']' && task[3] == ' ')
      open = file.find_first_not_of(' ', open + 3);
    if (open == std::string_view::npos || file[open] != '[') continue;
    const size_t close = closing_bracket(file, open);
    if (close == std::string_view::npos || file.substr(close + 1, 1) != ":") continue;
    const std::string_view rest = file.substr(std::min(file.find_first_not_of(" \t", close + 2), file.size()));
    const size_t sign = rest.starts_with('#') ? 1 : rest.starts_with("<>") ? 2 : 0;
    definitions.push_back({open, close + 1, sign > 0 && (sign == rest.size() || is_blank(rest[sign]))});
  }
  return definitions;
}

// The labels that links may have.
std::unordered_set<std::string> used_labels(std::string_view file, const std::vector<Definition>& definitions) {
  std::unordered_set<std::string> labels;
  auto next = definitions.begin();
  for (size_t at = 0; at < file.size(); ++at) {
    if (file[at] == '\\') ++at;
    if (at >= file.size() || file[at] != '[') continue;
    while (next != definitions.end() && next->open < at) ++next;
    if (next != definitions.end() && next->open == at) continue;
    const size_t close = closing_bracket(file, at);
    if (close != std::string_view::npos) labels.insert(normal_label(file.substr(at + 1, close - at - 1)));
  }
  return labels;
}

}  // namespace

MarkdownSource::MarkdownSource(std::string_view file) {
  const std::vector<Definition> definitions = find_definitions(file);
  std::unordered_set<std::string> labels;
  if (!definitions.empty()) labels = used_labels(file, definitions);
  std::vector<MarkdownSign> signs;
  const std::vector<MarkdownSign> spans = signs_for_spans(file), tables = signs_for_tables(file, spans);
  std::merge(spans.begin(), spans.end(), tables.begin(), tables.end(), std::back_inserter(signs));
  auto sign = signs.begin();
  size_t copied = 0;
  const auto mark = [&](size_t at, char character) {
    text_ += file.substr(copied, at - copied);
    copied = at;
    marks_.push_back(text_.size());
    text_ += character;
  };
  const auto copy_to = [&](size_t end) {
    for (; sign != signs.end() && sign->at <= end; ++sign) mark(sign->at, sign->character);
    text_ += file.substr(copied, end - copied);
    copied = end;
  };
  for (const Definition& definition : definitions) {
    const std::string label = normal_label(file.substr(definition.open + 1, definition.colon - definition.open - 2));
    copy_to(definition.open);
    // Of several with the same label only the first counts.
    const bool is_used = labels.erase(label) > 0 && !label.starts_with('^');
    if (!is_used && !definition.hides) {
      definitions_.push_back(text_.size() + definition.open - copied);
      mark(definition.open, '\\');
      continue;
    }
    copy_to(definition.colon);
    colons_.push_back(text_.size());
  }
  copy_to(file.size());
}

bool MarkdownSource::holds(std::string_view part) const {
  const std::less_equal<> not_behind;
  return not_behind(text_.data(), part.data()) && not_behind(part.data() + part.size(), text_.data() + text_.size());
}

std::string MarkdownSource::shown(std::string_view part) {
  if (!holds(part)) return std::string(part);
  const auto begin = static_cast<size_t>(part.data() - text_.data());
  shown_ = begin + part.size();
  const auto within = [&](const std::vector<size_t>& places) {
    return std::pair(std::lower_bound(places.begin(), places.end(), begin),
                     std::lower_bound(places.begin(), places.end(), shown_));
  };
  const auto [first_colon, end_colon] = within(colons_);
  shown_colons_ += static_cast<size_t>(end_colon - first_colon);
  std::string shown;
  size_t copied = begin;
  const auto [first_mark, end_mark] = within(marks_);
  for (auto mark = first_mark; mark != end_mark; copied = *mark++ + 1) shown += text().substr(copied, *mark - copied);
  return shown += text().substr(copied, shown_ - copied);
}

bool MarkdownSource::begins_definition(std::string_view part) const {
  if (!holds(part) || part.data() == text_.data()) return false;
  const auto before = static_cast<size_t>(part.data() - text_.data()) - 1;
  return std::binary_search(definitions_.begin(), definitions_.end(), before);
}

std::string_view MarkdownSource::skipped_before(std::string_view part) const {
  if (!holds(part)) return {};
  const auto begin = static_cast<size_t>(part.data() - text_.data());
  return begin < shown_ ? std::string_view() : text().substr(shown_, begin - shown_);
}

}  // namespace fude
