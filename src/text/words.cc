#include "text/words.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <string>

#include "fude/text/unicode.h"
#include "text/segmenter.h"

namespace fude {
namespace {

template <class Test>
bool holds(std::string_view text, const Test& test) {
  for (size_t offset = 0; offset < text.size();)
    if (test(static_cast<UChar32>(next_code_point(text, offset)))) return true;
  return false;
}

// Line ends within a paragraph become spaces.
std::string unwrapped(std::string_view text) {
  std::string unwrapped(text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n') continue;
    const size_t end = std::min(text.find_first_not_of('\n', i), text.size());
    if (end == i + 1) unwrapped[i] = ' ';
    i = end - 1;
  }
  return unwrapped;
}

}  // namespace

void for_each_plain_word(std::string_view text, const std::function<void(std::string_view)>& visit) {
  for_each_segment(text, Segments::kWords, [&](std::string_view segment) {
    if (holds(segment, [](UChar32 c) { return u_isalnum(c) != 0; })) visit(segment);
  });
}

int64_t count_sentences(std::string_view text) {
  int64_t sentences = 0;
  const std::string paragraphs = unwrapped(text);
  for_each_segment(paragraphs, Segments::kSentences, [&](std::string_view segment) {
    sentences += holds(segment, [](UChar32 c) { return !is_white_space(static_cast<char32_t>(c)); }) ? 1 : 0;
  });
  return sentences;
}

size_t find_sentence_begin(std::string_view text) {
  constexpr size_t kLooked = 4096;
  constexpr size_t kUnsure = 256;  // what follows a full stop may tell that it ends no sentence
  size_t begin = text.size() - std::min(text.size(), kLooked);
  while (begin < text.size() && (text[begin] & 0xC0) == 0x80) ++begin;
  const std::string end = unwrapped(text.substr(begin));
  size_t found = 0, offset = 0;
  for_each_segment(end, Segments::kSentences, [&](std::string_view sentence) {
    if (offset + kUnsure <= end.size()) found = offset;
    offset += sentence.size();
  });
  if (found == 0) found = end.rfind(' ') + 1;  // none is npos + 1
  return found == 0 ? text.size() : begin + found;
}

}  // namespace fude
