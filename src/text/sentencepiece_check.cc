#include "text/sentencepiece_check.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "fude/base/error.h"

namespace fude {
namespace {

// Field numbers of sentencepiece_model.proto.
constexpr uint64_t kPieces = 1;
constexpr uint64_t kNormalizerSpec = 3;
constexpr uint64_t kDenormalizerSpec = 5;
constexpr uint64_t kPieceText = 1;
constexpr uint64_t kPieceScore = 2;
constexpr uint64_t kPieceType = 3;
constexpr uint64_t kUserDefined = 4;
constexpr uint64_t kPrecompiledCharsmap = 2;

// The library recurses over the bytes of a piece. Those that it learns have 16 characters.
constexpr size_t kLongestPiece = 4096;
// What may begin at one place of a text: the library has room for so many finds and reads them all, more too.
constexpr size_t kMostUserDefined = 64;
constexpr int kMostReplacements = 32;
// Bytes that a replacement may have, and bytes that may be replaced by it.
constexpr size_t kLongestReplacement = 256;
constexpr int kLongestReplaced = 1024;

// A protocol buffer's fields, one after the other.
class WireReader {
 public:
  WireReader(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  bool at_end() const { return bytes_.empty(); }

  struct Field {
    uint64_t id;
    uint64_t number = 0;            // of a varint
    std::string_view content = {};  // of a length-delimited field, or the four bytes of a fixed one
  };
  // Moves past a field.
  Field next() {
    const auto tag = static_cast<uint32_t>(read_varint());
    Field field{tag >> 3};
    switch (tag & 7) {
      case 0:
        field.number = read_varint();
        break;
      case 1:
        take(8);
        break;
      case 2:
        field.content = take(read_varint());
        break;
      case 5:
        field.content = take(4);
        break;
      default:
        fail();
    }
    return field;
  }

 private:
  [[noreturn]] void fail() const { throw FormatError(where_ + ": not a SentencePiece model", kNoModelHint); }

  uint64_t read_varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    fail();
  }

  std::string_view take(uint64_t size) {
    if (size > bytes_.size()) fail();
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  const std::string& where_;
};

// A unit of a Darts-clone double array (https://github.com/s-yata/darts-clone).
struct Unit {
  uint32_t bits;
  bool is_value() const { return bits >> 31 != 0; }  // no byte leads here; where the search begins this says nothing
  bool has_value() const { return (bits >> 8 & 1) != 0; }
  bool is_reached_by(uint32_t byte) const { return (bits & 0x800000FF) == byte; }
  uint32_t value() const { return bits & 0x7FFFFFFF; }
  uint32_t offset() const { return bits >> 10 << ((bits & 0x200) >> 6); }
};

constexpr int kUnknown = -1, kTooMany = kMostReplacements + 1;

// The most values that a way from unit `i` on passes. `most` holds those that are known; what is visited now counts as
// too many, so that a circle does.
int values_behind(const std::vector<Unit>& units, uint32_t i, int depth, std::vector<int>& most) {
  if (most[i] != kUnknown) return most[i];
  most[i] = kTooMany;
  int found = depth > kLongestReplaced ? kTooMany : 0;
  for (uint32_t byte = 0; byte < 256 && found < kTooMany; ++byte) {
    const uint32_t next = i ^ units[i].offset() ^ byte;
    if (!units[next].is_reached_by(byte)) continue;
    found = std::max(found, (units[next].has_value() ? 1 : 0) + values_behind(units, next, depth + 1, most));
  }
  return most[i] = std::min(found, kTooMany);
}

// The table is the size of a double array in bytes (u32), the array, and the texts that its values point into, each
// ended by a zero byte.
bool is_sound(std::string_view table) {
  uint32_t array_bytes = 0;
  if (table.size() < sizeof array_bytes) return false;
  std::memcpy(&array_bytes, table.data(), sizeof array_bytes);
  table.remove_prefix(sizeof array_bytes);
  if (array_bytes == 0 || array_bytes % sizeof(Unit) != 0 || array_bytes >= table.size()) return false;
  if (table.back() != '\0') return false;
  const std::string_view texts = table.substr(array_bytes);
  std::vector<Unit> units(array_bytes / sizeof(Unit));
  std::memcpy(units.data(), table.data(), array_bytes);
  for (uint32_t i = 0; i < units.size(); ++i) {
    if (units[i].is_value() && i != 0) continue;
    // From here a byte of the text, any one, is XORed into the place.
    const uint32_t base = i ^ units[i].offset();
    if ((base | 0xFF) >= units.size()) return false;
    if (!units[i].has_value()) continue;
    const size_t text = units[base].value();
    if (text >= texts.size() || texts.substr(text, kLongestReplacement + 1).find('\0') == std::string_view::npos)
      return false;
  }
  std::vector<int> most(units.size(), kUnknown);
  return values_behind(units, 0, 0, most) <= kMostReplacements;
}

bool is_finite_number(std::string_view bytes) {
  float number = 0;
  if (bytes.size() == sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
  return std::isfinite(number);
}

// Whether more of the texts than the library has room for begin with each other.
bool begin_too_often_alike(std::vector<std::string_view> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::vector<std::string_view> beginnings;  // of the text in work, and itself
  for (const std::string_view text : texts) {
    while (!beginnings.empty() && !text.starts_with(beginnings.back())) beginnings.pop_back();
    beginnings.push_back(text);
    if (beginnings.size() > kMostUserDefined) return true;
  }
  return false;
}

}  // namespace

void check_sentencepiece_model(std::string_view model, const std::string& where) {
  std::vector<std::string_view> user_defined;
  for (WireReader fields(model, where); !fields.at_end();) {
    const WireReader::Field field = fields.next();
    const bool is_piece = field.id == kPieces;
    if (!is_piece && field.id != kNormalizerSpec && field.id != kDenormalizerSpec) continue;
    std::string_view text;
    uint64_t type = 0;
    for (WireReader inner(field.content, where); !inner.at_end();) {
      const WireReader::Field part = inner.next();
      if (is_piece && part.id == kPieceText) text = part.content;
      if (is_piece && part.id == kPieceScore && !is_finite_number(part.content))
        throw FormatError(where + ": a piece whose score is no finite number");
      if (is_piece && part.id == kPieceType) type = part.number;
      if (!is_piece && part.id == kPrecompiledCharsmap && !part.content.empty() && !is_sound(part.content))
        throw FormatError(where + ": its normalization table is damaged");
    }
    if (text.size() > kLongestPiece)
      throw FormatError(where + ": a piece of " + std::to_string(text.size()) + " bytes, expected at most " +
                        std::to_string(kLongestPiece));
    if (type == kUserDefined) user_defined.push_back(text);
  }
  if (begin_too_often_alike(std::move(user_defined)))
    throw FormatError(where + ": more than " + std::to_string(kMostUserDefined) +
                      " user-defined pieces that begin with each other");
}

}  // namespace fude
