// Token stores whose tokens are 0, 1, 2, ...: a token tells its own position.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <vector>

#include "data/token_store.h"

namespace fude {

// `documents` are end positions; the last document ends with the store.
inline TokenStore number_store(const std::filesystem::path& path, int count,
                               const std::vector<int64_t>& documents = {}) {
  TokenStoreWriter writer(path, std::max(1, count), "numbers");
  std::vector<TokenId> ids(static_cast<size_t>(count));
  std::iota(ids.begin(), ids.end(), 0);
  size_t begin = 0;
  for (const int64_t end : documents) {
    writer.append(std::span(ids).subspan(begin, static_cast<size_t>(end) - begin));
    writer.end_document();
    begin = static_cast<size_t>(end);
  }
  writer.append(std::span(ids).subspan(begin));
  writer.commit();
  return TokenStore(path);
}

}  // namespace fude
