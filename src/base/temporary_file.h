// Bytes that may be more than memory holds, for as long as the object lives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fude {

// Keeps the first kBufferBytes in memory; what is more lies in a file without a name, which the system frees however
// the program ends. IoError when the disk is full or the folder cannot be written.
class TemporaryFile {
 public:
  static constexpr size_t kBufferBytes = size_t{1} << 20;

  // The file is made in `folder`; empty: the system's own (TMPDIR).
  explicit TemporaryFile(std::filesystem::path folder = {});
  ~TemporaryFile();
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&& other) noexcept;

  uint64_t size() const { return written_ + tail_.size(); }
  void append(std::string_view bytes);
  // Forgets everything from `size` on.
  void truncate(uint64_t size);
  // Fills `bytes` from `offset` on; all of them must be there.
  void read(uint64_t offset, std::span<char> bytes) const;

 private:
  void write(std::string_view bytes);

  std::filesystem::path folder_;
  int descriptor_ = -1;
  uint64_t written_ = 0;  // bytes in the file
  std::string tail_;      // bytes behind them
};

}  // namespace fude
