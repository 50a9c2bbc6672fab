// A file without a name: what does not fit in memory waits here, and goes when the object does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fude {

class TemporaryFile {
 public:
  // In the folder that TMPDIR names, or /tmp. IoError when it cannot be made there.
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  // Appends. IoError when the disk is full.
  void write(std::string_view bytes);
  int64_t size() const { return size_; }
  // Fills `out` from `offset` on; fewer bytes only where the file ends.
  size_t read_at(int64_t offset, std::span<char> out) const;

 private:
  int descriptor_ = -1;
  int64_t size_ = 0;
};

}  // namespace fude
