// What the fuzz targets share. A target takes any bytes and comes back, with what they say or with one of the library's
// errors, which it catches. Everything else is a finding: a crash, a sanitizer's report, another exception, a promise
// that was not kept.
//
//   FUDE_FUZZ(FuzzInput input) {
//     const bool tabs = input.byte() % 2 == 1;
//     read(input.rest(), tabs);
//   }
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"
#include "fude/base/error.h"

namespace fude {

// An input, taken from its front.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : left_(reinterpret_cast<const char*>(data), size) {}

  // 0 when nothing is left.
  uint8_t byte() { return number<uint8_t>(); }
  // Zero bits stand for what is not there any more.
  template <class T>
  T number() {
    T value{};
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  std::string_view take(size_t size) {
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(taken.size());
    return taken;
  }
  // Up to the next newline, which goes too.
  std::string_view line() {
    const std::string_view taken = left_.substr(0, left_.find('\n'));
    left_.remove_prefix(std::min(taken.size() + 1, left_.size()));
    return taken;
  }
  std::string_view rest() const { return left_; }

 private:
  std::string_view left_;
};

inline void expect(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "not so: %s\n", promise);
  std::abort();
}

// A file that lies in memory, for readers that take a path.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) { expect(descriptor_ >= 0, "a file in memory"); }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const MemoryFile& hold(std::string_view bytes) const {
    expect(::ftruncate(descriptor_, 0) == 0 && ::lseek(descriptor_, 0, SEEK_SET) == 0, "an empty file");
    expect(write_all(descriptor_, bytes) == 0, "the file was written");
    return *this;
  }
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace fude

// The body of a target; the library's errors end it.
#define FUDE_FUZZ(parameter)                                                \
  static void fuzz_one(parameter);                                          \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { \
    try {                                                                   \
      fuzz_one({data, size});                                               \
    } catch (const fude::Error&) {                                          \
    }                                                                       \
    return 0;                                                               \
  }                                                                         \
  static void fuzz_one(parameter)
