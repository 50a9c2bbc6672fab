#include "text/tokenizer_file.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "text/kinds.h"

namespace fude {
namespace {

constexpr int kVersion = 1;
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648, with padding.
std::string to_base64(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    for (size_t k = 0; k < 4; ++k) text += k <= group.size() ? kBase64[bits >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  while (!text.empty()) {
    const std::string_view group = text.substr(0, 4);
    const bool last = text.size() == 4;
    const size_t letters = last ? std::min(group.find('='), size_t{4}) : 4;
    if (letters < 2 || group.substr(letters) != std::string_view("==").substr(0, 4 - letters)) return std::nullopt;
    uint32_t bits = 0;
    for (size_t k = 0; k < 4; ++k) {
      const size_t value = k < letters ? kBase64.find(group[k]) : 0;
      if (value == std::string_view::npos) return std::nullopt;
      bits = bits << 6 | static_cast<uint32_t>(value);
    }
    for (size_t k = 0; k + 1 < letters; ++k) bytes += static_cast<char>(bits >> (16 - 8 * k) & 255);
    text.remove_prefix(4);
  }
  return bytes;
}

std::unique_ptr<Tokenizer> from_own_file(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  const int version = require<int>(json, "fude_tokenizer", where);
  if (version != kVersion)
    throw FormatError(where + ": tokenizer file of version " + std::to_string(version) + ", expected 1",
                      "update Fude to open it");
  const std::optional<std::string> blob = from_base64(get_or<std::string>(json, "blob", "", where));
  if (!blob) throw FormatError(where + ": \"blob\" is not base64", "make the file again with `fude tokenizer train`");
  const std::string tokenizer = to_text(require<Json>(json, "tokenizer", where));
  try {
    return load_tokenizer({.json = tokenizer, .blob = *blob});
  } catch (const FormatError& error) {
    throw FormatError(where + ": " + error.what(),
                      error.hint().empty() ? "make the file again with `fude tokenizer train`" : error.hint());
  }
}

}  // namespace

void save_tokenizer_file(const Tokenizer& tokenizer, const std::filesystem::path& path) {
  const TokenizerData data = tokenizer.save();
  const Json json = {
      {"fude_tokenizer", kVersion}, {"tokenizer", parse_json(data.json, "tokenizer")}, {"blob", to_base64(data.blob)}};
  write_file(path, to_pretty_text(json));
}

std::unique_ptr<Tokenizer> open_tokenizer(const std::filesystem::path& path) {
  const std::string where = path.string();
  std::string content(MappedFile(path).text());
  // No SentencePiece model begins so: it would be a group, which protocol buffers gave up.
  return content.starts_with('{') ? from_own_file(content, where) : open_ready_model(std::move(content), where);
}

}  // namespace fude
