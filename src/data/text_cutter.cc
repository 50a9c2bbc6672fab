#include "data/text_cutter.h"

#include "fude/text/unicode.h"
#include "text/normalize.h"

namespace fude {
namespace {

constexpr size_t kSize = TextCutter::kSize;
// What has to be there before a piece is cut: the next place is found within it, or taken to be too far away.
constexpr size_t kLooked = 2 * kSize;
// A line end is worth a piece that is longer by so much.
constexpr size_t kLineWorth = kSize / 4;

bool is_ascii_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Where the first piece of `text` ends, which is longer than kLooked.
size_t piece_end(std::string_view text) {
  size_t any = 0;
  for (size_t end = kSize; end < kLooked && (any == 0 || end < kSize + kLineWorth); ++end) {
    if (!is_ascii_space(text[end]) || is_ascii_space(text[end - 1])) continue;
    if (text[end] == '\n' || text[end] == '\r') return end;
    if (any == 0) any = end;
  }
  if (any > 0) return any;
  const size_t character = complete_utf8_prefix(text.substr(0, kSize));
  return normalization_chunk_end(text, character, Normalization::kNfkc);
}

}  // namespace

void TextCutter::push(std::string_view text, const Sink& sink) {
  kept_ += text;
  std::string_view rest = kept_;
  while (rest.size() > kLooked) {
    const size_t end = piece_end(rest);
    sink(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  kept_.erase(0, kept_.size() - rest.size());
}

void TextCutter::finish(const Sink& sink) {
  std::string_view rest = kept_;
  if (!rest.empty()) sink(rest);
  kept_.clear();
}

}  // namespace fude
