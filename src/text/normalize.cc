#include "text/normalize.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "fude/base/error.h"

namespace fude {
namespace {

// ICU counts bytes in 32 bits.
constexpr size_t kLargestChunk = size_t{1} << 28;

void require_success(UErrorCode status) {
  if (U_FAILURE(status)) throw Error(std::string("ICU cannot normalize text: ") + u_errorName(status));
}

// A process-wide constant that ICU owns; null for kNone.
const icu::Normalizer2* find_normalizer(Normalization form) {
  if (form == Normalization::kNone) return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form == Normalization::kNfc ? icu::Normalizer2::getNFCInstance(status)
                                                                   : icu::Normalizer2::getNFKCInstance(status);
  require_success(status);
  return normalizer;
}

// The longest start of `text` that ICU can take at once and that nothing behind it can change.
std::string_view next_chunk(const icu::Normalizer2& normalizer, std::string_view text) {
  if (text.size() <= kLargestChunk) return text;
  for (size_t end = complete_utf8_prefix(text.substr(0, kLargestChunk)); end < text.size();) {
    size_t next = end;
    if (normalizer.hasBoundaryBefore(static_cast<UChar32>(next_code_point(text, next)))) return text.substr(0, end);
    end = next;
  }
  return text;
}

// Bytes from which on a run of characters that join what stands before them, such as combining marks, is ordered here:
// ICU moves each mark past those before it, which takes the square of a run's length.
constexpr size_t kLongRun = 1024;

bool joins(const icu::Normalizer2& normalizer, std::string_view text, size_t begin) {
  return !normalizer.hasBoundaryBefore(static_cast<UChar32>(next_code_point(text, begin)));
}

size_t character_begin(std::string_view text, size_t at) {
  while (at > 0 && (text[at] & 0xC0) == 0x80) --at;
  return at;
}

// The first run in `text`, from `from` on, of kLongRun bytes or more; empty at the end: there is none. Looks at one
// character in each kLongRun bytes where there is no run.
std::pair<size_t, size_t> find_long_run(const icu::Normalizer2& normalizer, std::string_view text, size_t from) {
  for (size_t probe = from + kLongRun - 1; probe < text.size(); probe += kLongRun) {
    size_t begin = character_begin(text, probe);
    if ((text[begin] & 0x80) == 0 || !joins(normalizer, text, begin)) continue;
    size_t end = begin;
    while (end < text.size() && joins(normalizer, text, end)) next_code_point(text, end);
    while (begin > from) {
      const size_t before = character_begin(text, begin - 1);
      if (!joins(normalizer, text, before)) break;
      begin = before;
    }
    if (end - begin >= kLongRun) return {begin, end};
    probe = std::max(probe, end);
  }
  return {text.size(), text.size()};
}

// `run` taken apart and its marks in canonical order, which means the same and is what ICU would make of it first.
void append_ordered(const icu::Normalizer2& normalizer, std::string_view run, std::string& out) {
  std::vector<std::pair<uint8_t, char32_t>> characters;  // with their combining classes
  const auto add = [&](UChar32 c) { characters.emplace_back(u_getCombiningClass(c), static_cast<char32_t>(c)); };
  icu::UnicodeString parts;
  for (size_t offset = 0; offset < run.size();) {
    const auto c = static_cast<UChar32>(next_code_point(run, offset));
    if (!normalizer.getDecomposition(c, parts)) {
      add(c);
      continue;
    }
    for (int32_t k = 0; k < parts.length(); k = parts.moveIndex32(k, 1)) add(parts.char32At(k));
  }
  const auto is_starter = [](const auto& character) { return character.first == 0; };
  for (auto begin = characters.begin(); begin != characters.end();) {
    const auto end = std::find_if(begin, characters.end(), is_starter);
    std::stable_sort(begin, end, [](const auto& a, const auto& b) { return a.first < b.first; });
    begin = std::find_if_not(end, characters.end(), is_starter);
  }
  for (const auto& [combining_class, c] : characters) append_utf8(out, c);
}

// `text` itself where it has no long run, or else `buffer`, which then holds the same with its long runs in order.
std::string_view with_ordered_runs(const icu::Normalizer2& normalizer, std::string_view text, std::string& buffer) {
  auto [begin, end] = find_long_run(normalizer, text, 0);
  if (begin == text.size()) return text;
  size_t copied = 0;
  while (begin < text.size()) {
    buffer += text.substr(copied, begin - copied);
    append_ordered(normalizer, text.substr(begin, end - begin), buffer);
    copied = end;
    std::tie(begin, end) = find_long_run(normalizer, text, end);
  }
  buffer += text.substr(copied);
  return buffer;
}

icu::StringPiece as_piece(std::string_view text) { return {text.data(), static_cast<int32_t>(text.size())}; }

}  // namespace

Normalization parse_normalization(std::string_view name) {
  if (name == "nfc") return Normalization::kNfc;
  if (name == "nfkc") return Normalization::kNfkc;
  if (name == "none") return Normalization::kNone;
  throw ConfigError("normalization must be nfc, nfkc or none, got \"" + std::string(name) + "\"");
}

std::string_view to_string(Normalization form) {
  switch (form) {
    case Normalization::kNfc:
      return "nfc";
    case Normalization::kNfkc:
      return "nfkc";
    case Normalization::kNone:
      break;
  }
  return "none";
}

std::string_view normalized_view(std::string_view text, Normalization form, std::string& buffer) {
  const icu::Normalizer2* normalizer = find_normalizer(form);
  if (normalizer == nullptr) return text;
  std::string ordered;
  text = with_ordered_runs(*normalizer, text, ordered);
  UErrorCode status = U_ZERO_ERROR;
  size_t unchanged = 0;
  while (unchanged < text.size()) {
    const std::string_view chunk = next_chunk(*normalizer, text.substr(unchanged));
    if (!normalizer->isNormalizedUTF8(as_piece(chunk), status)) break;
    unchanged += chunk.size();
  }
  require_success(status);
  if (unchanged >= text.size()) {
    if (ordered.empty()) return text;
    buffer = std::move(ordered);
    return buffer;
  }
  buffer.assign(text.substr(0, unchanged));
  icu::StringByteSink<std::string> sink(&buffer);
  for (std::string_view rest = text.substr(unchanged); !rest.empty();) {
    const std::string_view chunk = next_chunk(*normalizer, rest);
    normalizer->normalizeUTF8(0, as_piece(chunk), sink, nullptr, status);
    rest.remove_prefix(chunk.size());
  }
  require_success(status);
  return buffer;
}

std::string normalize(std::string_view text, Normalization form) {
  std::string buffer;
  const std::string_view normalized = normalized_view(text, form, buffer);
  return normalized.data() == buffer.data() ? std::move(buffer) : std::string(normalized);
}

size_t normalization_chunk_end(std::string_view text, size_t begin, Normalization form) {
  const icu::Normalizer2* normalizer = find_normalizer(form);
  size_t end = begin;
  next_code_point(text, end);
  while (normalizer != nullptr && end < text.size()) {
    size_t next = end;
    if (normalizer->hasBoundaryBefore(static_cast<UChar32>(next_code_point(text, next)))) break;
    end = next;
  }
  return end;
}

}  // namespace fude
