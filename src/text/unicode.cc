#include "fude/text/unicode.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "fude/base/error.h"
#include "text/utf8.h"

namespace fude {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr size_t kLongestSequence = 4;
constexpr char kHexDigits[] = "0123456789ABCDEF";

bool is_continuation(char byte) { return (byte & 0xC0) == 0x80; }

// How many bytes at the start are ASCII.
size_t ascii_prefix(std::string_view bytes) {
  size_t size = 0;
  for (uint64_t word = 0; bytes.size() - size >= sizeof word; size += sizeof word) {  // eight bytes at a time
    std::memcpy(&word, bytes.data() + size, sizeof word);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (size < bytes.size() && static_cast<unsigned char>(bytes[size]) < 0x80) ++size;
  return size;
}

// Well-formedness (Unicode 15, table 3-7) as an automaton whose next state is one shift, so that its speed does not
// depend on the text: a byte's word holds, from bit `state` on, the state that follows.
enum Utf8State : uint64_t {
  kBetween = 0,  // characters
  kBroken = 6,
  kOneMore = 12,
  kTwoMore = 18,
  kThreeMore = 24,
  kAfterE0 = 30,  // only A0..BF: no overlong form
  kAfterEd = 36,  // only 80..9F: no surrogate
  kAfterF0 = 42,  // only 90..BF: no overlong form
  kAfterF4 = 48,  // only 80..8F: nothing above U+10FFFF
};

constexpr uint64_t next_states(unsigned byte) {
  const auto within = [byte](unsigned low, unsigned high) { return byte >= low && byte <= high; };
  uint64_t first = kBroken;
  if (byte < 0x80) first = kBetween;
  if (within(0xC2, 0xDF)) first = kOneMore;
  if (within(0xE1, 0xEF)) first = kTwoMore;
  if (within(0xF1, 0xF3)) first = kThreeMore;
  if (byte == 0xE0) first = kAfterE0;
  if (byte == 0xED) first = kAfterEd;
  if (byte == 0xF0) first = kAfterF0;
  if (byte == 0xF4) first = kAfterF4;
  const auto go = [](bool good, uint64_t next) { return good ? next : uint64_t{kBroken}; };
  return first << kBetween | uint64_t{kBroken} << kBroken | go(within(0x80, 0xBF), kBetween) << kOneMore |
         go(within(0x80, 0xBF), kOneMore) << kTwoMore | go(within(0x80, 0xBF), kTwoMore) << kThreeMore |
         go(within(0xA0, 0xBF), kOneMore) << kAfterE0 | go(within(0x80, 0x9F), kOneMore) << kAfterEd |
         go(within(0x90, 0xBF), kTwoMore) << kAfterF0 | go(within(0x80, 0x8F), kTwoMore) << kAfterF4;
}

constexpr auto kNextStates = [] {
  std::array<uint64_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) table[byte] = next_states(byte);
  return table;
}();

// A place between characters up to which `bytes` are well-formed: all of them, or some blocks before the first that are
// not.
size_t well_formed_prefix(std::string_view bytes) {
  constexpr size_t kBlock = 64;
  uint64_t state = kBetween;
  size_t between = 0;
  for (size_t offset = 0; offset < bytes.size();) {
    if ((state & 63) == kBetween) {
      offset += ascii_prefix(bytes.substr(offset));
      between = offset;
    }
    for (const char byte : bytes.substr(offset, kBlock))
      state = kNextStates[static_cast<unsigned char>(byte)] >> (state & 63);
    if ((state & 63) == kBroken) return between;
    offset = std::min(offset + kBlock, bytes.size());
  }
  return (state & 63) == kBetween ? bytes.size() : between;
}

}  // namespace

Utf8Sequence read_utf8_sequence(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return {1, 1};
  if (lead < 0xC2 || lead > 0xF4) return {0, 0};
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // Only the second byte's range depends on the lead: no overlong form, no surrogate, nothing above U+10FFFF.
  unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  size_t valid = 1;
  while (valid < std::min(length, bytes.size())) {
    const auto byte = static_cast<unsigned char>(bytes[valid]);
    if (byte < low || byte > high) break;
    low = 0x80;
    high = 0xBF;
    ++valid;
  }
  return {valid, length};
}

size_t find_invalid_utf8(std::string_view bytes) {
  for (size_t offset = well_formed_prefix(bytes); offset < bytes.size();) {
    const Utf8Sequence sequence = read_utf8_sequence(bytes.substr(offset));
    if (!sequence.complete()) return offset;
    offset += sequence.length;
  }
  return kValidUtf8;
}

void require_valid_utf8(std::string_view text) {
  const size_t offset = find_invalid_utf8(text);
  if (offset == kValidUtf8) return;
  throw DataError("the text is not valid UTF-8 at byte offset " + std::to_string(offset) + ": 0x" +
                      hex_digits(static_cast<unsigned char>(text[offset])),
                  "convert the text to UTF-8");
}

std::string replace_invalid_utf8(std::string_view bytes, size_t* replaced) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t offset = std::min(find_invalid_utf8(bytes), bytes.size());
    text.append(bytes.substr(0, offset));
    bytes.remove_prefix(offset);
    if (bytes.empty()) break;
    append_utf8(text, kReplacement);
    if (replaced != nullptr) ++*replaced;
    bytes.remove_prefix(std::max<size_t>(1, read_utf8_sequence(bytes).valid));
  }
  return text;
}

size_t complete_utf8_prefix(std::string_view bytes) {
  for (size_t tail = 1; tail < kLongestSequence && tail <= bytes.size(); ++tail) {
    const std::string_view end = bytes.substr(bytes.size() - tail);
    if (is_continuation(end[0])) continue;
    const Utf8Sequence sequence = read_utf8_sequence(end);
    const bool cut = sequence.valid == tail && sequence.length > tail;
    return cut ? bytes.size() - tail : bytes.size();
  }
  return bytes.size();
}

size_t count_code_points(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

size_t code_point_offset(std::string_view text, size_t n) {
  size_t offset = 0;
  while (n > 0 && offset < text.size()) {
    do {
      ++offset;
    } while (offset < text.size() && is_continuation(text[offset]));
    --n;
  }
  return offset;
}

char32_t next_code_point(std::string_view text, size_t& offset) {
  const auto byte = [&](size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[offset + i])); };
  const auto bits = [&](size_t i) { return byte(i) & 0x3F; };
  const char32_t lead = byte(0);
  char32_t code_point = lead;
  size_t length = 1;
  if (lead >= 0xF0) {
    code_point = (lead & 0x07) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3);
    length = 4;
  } else if (lead >= 0xE0) {
    code_point = (lead & 0x0F) << 12 | bits(1) << 6 | bits(2);
    length = 3;
  } else if (lead >= 0x80) {
    code_point = (lead & 0x1F) << 6 | bits(1);
    length = 2;
  }
  offset += length;
  return code_point;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto put_bits = [&](int shift) { put(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put_bits(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put_bits(6);
    put_bits(0);
  } else {
    put(0xF0 | code_point >> 18);
    put_bits(12);
    put_bits(6);
    put_bits(0);
  }
}

bool is_white_space(char32_t c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string hex_digits(unsigned char byte) { return {kHexDigits[byte >> 4], kHexDigits[byte & 15]}; }

std::string code_point_name(char32_t code_point) {
  std::string digits;
  for (char32_t rest = code_point; rest != 0 || digits.size() < 4; rest >>= 4)
    digits.insert(digits.begin(), kHexDigits[rest & 15]);
  return "U+" + digits;
}

}  // namespace fude
