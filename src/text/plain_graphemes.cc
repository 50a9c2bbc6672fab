#include "text/plain_graphemes.h"

#include <unicode/uchar.h>

#include <bitset>
#include <memory>

#include "text/utf8.h"

namespace fude {
namespace {

// To set up ICU takes as long as it takes to divide some characters.
constexpr int kWorthAChange = 32;

// So many at once stay in the cache.
constexpr size_t kMostEnds = 2048;

constexpr char32_t kTableSize = 0x10000;
using Table = std::bitset<kTableSize>;

// No rule joins two of these that stand side by side.
std::unique_ptr<Table> make_table() {
  auto table = std::make_unique<Table>();
  for (char32_t c = 0; c < kTableSize; ++c) {
    const int value = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_GRAPHEME_CLUSTER_BREAK);
    (*table)[c] = value == U_GCB_OTHER || value == U_GCB_CONTROL || value == U_GCB_LF;
  }
  return table;
}

const Table& plain_characters() {
  static const std::unique_ptr<const Table> table = make_table();
  return *table;
}

bool contains(const Table& table, char32_t code_point) { return code_point < kTableSize && table[code_point]; }

}  // namespace

void append_plain_grapheme_ends(std::string_view text, bool whole, std::vector<size_t>& ends) {
  if (text.empty()) return;
  const Table& plain = plain_characters();
  size_t end = 0;
  bool is_plain = contains(plain, take_code_point(text, end));
  while (is_plain && ends.size() < kMostEnds) {
    size_t next = end;
    const bool alone = end < text.size() ? contains(plain, take_code_point(text, next)) : whole;
    if (alone) ends.push_back(end);
    is_plain = alone && end < text.size();
    end = next;
  }
}

size_t up_to_plain_graphemes(std::string_view text) {
  const Table& table = plain_characters();
  size_t first_plain = 0;  // end of the first character of the run of plain ones
  int plain = 0;           // characters of that run
  for (size_t at = 0; at < text.size();) {
    plain = contains(table, take_code_point(text, at)) ? plain + 1 : 0;
    if (plain == 1) first_plain = at;
    if (plain == kWorthAChange) return first_plain;
  }
  return text.size();
}

}  // namespace fude
