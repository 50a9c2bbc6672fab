// Code point → token id in two array reads: a page for each 256 code points that hold any, one shared empty page for
// the rest.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fude/text/tokenizer.h"

namespace fude {

class CodePointMap {
 public:
  static constexpr TokenId kNone = -1;

  CodePointMap() : ids_(kPageSize, kNone) {}

  TokenId find(char32_t code_point) const {
    return ids_[pages_[code_point / kPageSize] * kPageSize + code_point % kPageSize];
  }

  void set(char32_t code_point, TokenId id) {
    uint16_t& page = pages_[code_point / kPageSize];
    if (page == 0) {
      page = static_cast<uint16_t>(ids_.size() / kPageSize);
      ids_.resize(ids_.size() + kPageSize, kNone);
    }
    ids_[page * kPageSize + code_point % kPageSize] = id;
  }

 private:
  static constexpr size_t kPageSize = 256;
  std::array<uint16_t, 0x110000 / kPageSize> pages_{};
  std::vector<TokenId> ids_;
};

}  // namespace fude
