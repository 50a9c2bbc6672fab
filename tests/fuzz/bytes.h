// Bytes in memory as a ByteSource.
#pragma once

#include <span>
#include <string_view>

#include "data/byte_source.h"

namespace fude {

class Bytes : public ByteSource {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  size_t read(std::span<char> out) override {
    const size_t size = bytes_.copy(out.data(), out.size());
    bytes_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view bytes_;
};

}  // namespace fude
