// Memory that begins where a line of the cache does. Only grows: the same matrix may be packed with one shape and
// another in turn.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace fude {

class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  AlignedBuffer(const AlignedBuffer&) = delete;
  AlignedBuffer& operator=(const AlignedBuffer&) = delete;

  // Room for so many bytes; what was there may be lost.
  void* make_room(size_t bytes) {
    constexpr size_t kAlignment = 64;
    size_t room = bytes + kAlignment;
    if (bytes_.size() < room) bytes_.resize(room);
    void* aligned = bytes_.data();
    return std::align(kAlignment, bytes, aligned, room);
  }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace fude
