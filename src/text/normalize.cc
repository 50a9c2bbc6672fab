#include "text/normalize.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

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
  UErrorCode status = U_ZERO_ERROR;
  size_t unchanged = 0;
  while (unchanged < text.size()) {
    const std::string_view chunk = next_chunk(*normalizer, text.substr(unchanged));
    if (!normalizer->isNormalizedUTF8(as_piece(chunk), status)) break;
    unchanged += chunk.size();
  }
  require_success(status);
  if (unchanged >= text.size()) return text;
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
