#include "text/sentencepiece_check.h"

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
constexpr uint64_t kPrecompiledCharsmap = 2;

// The library recurses over the bytes of a piece. Those that it learns have 16 characters.
constexpr size_t kLongestPiece = 4096;

// A protocol buffer's fields, one after the other.
class WireReader {
 public:
  WireReader(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  bool at_end() const { return bytes_.empty(); }

  // Moves past a field and returns its number; `content` is that of a length-delimited one, or else empty.
  uint64_t next(std::string_view& content) {
    const auto tag = static_cast<uint32_t>(read_varint());
    content = {};
    switch (tag & 7) {
      case 0:
        read_varint();
        break;
      case 1:
        take(8);
        break;
      case 2:
        content = take(read_varint());
        break;
      case 5:
        take(4);
        break;
      default:
        fail();
    }
    return tag >> 3;
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
  uint32_t value() const { return bits & 0x7FFFFFFF; }
  uint32_t offset() const { return bits >> 10 << ((bits & 0x200) >> 6); }
};

// The table is the size of a double array in bytes (u32), the array, and the texts that its values point into, each
// ended by a zero byte.
bool leads_inside_itself(std::string_view table) {
  uint32_t array_bytes = 0;
  if (table.size() < sizeof array_bytes) return false;
  std::memcpy(&array_bytes, table.data(), sizeof array_bytes);
  table.remove_prefix(sizeof array_bytes);
  if (array_bytes == 0 || array_bytes % sizeof(Unit) != 0 || array_bytes >= table.size()) return false;
  if (table.back() != '\0') return false;
  const size_t texts = table.size() - array_bytes;
  std::vector<Unit> units(array_bytes / sizeof(Unit));
  std::memcpy(units.data(), table.data(), array_bytes);
  for (uint32_t i = 0; i < units.size(); ++i) {
    if (units[i].is_value() && i != 0) continue;
    // From here a byte of the text, any one, is XORed into the place.
    const uint32_t base = i ^ units[i].offset();
    if ((base | 0xFF) >= units.size()) return false;
    if (units[i].has_value() && units[base].value() >= texts) return false;
  }
  return true;
}

}  // namespace

void check_sentencepiece_model(std::string_view model, const std::string& where) {
  WireReader fields(model, where);
  std::string_view content;
  while (!fields.at_end()) {
    const uint64_t field = fields.next(content);
    if (field != kPieces && field != kNormalizerSpec && field != kDenormalizerSpec) continue;
    WireReader inner(content, where);
    while (!inner.at_end()) {
      const uint64_t part = inner.next(content);
      if (field == kPieces && part == kPieceText && content.size() > kLongestPiece)
        throw FormatError(where + ": a piece of " + std::to_string(content.size()) + " bytes, expected at most " +
                          std::to_string(kLongestPiece));
      if (field != kPieces && part == kPrecompiledCharsmap && !content.empty() && !leads_inside_itself(content))
        throw FormatError(where + ": its normalization table is damaged");
    }
  }
}

}  // namespace fude
