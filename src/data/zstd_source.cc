#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

#include "data/byte_source.h"
#include "fude/base/error.h"

namespace fude {
namespace {

constexpr std::string_view kMagic = "\x28\xB5\x2F\xFD";
// Frames that hold no data, which some programs put first: 0x184D2A50 to 0x184D2A5F.
constexpr std::string_view kSkippable = "\x2A\x4D\x18";

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// The library's own limit on windows, 128 MiB, bounds the memory.
class ZstdSource : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)), context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  size_t read(std::span<char> out) override {
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    while (to.pos < to.size) {
      if (from_.pos == from_.size && !flushes_) {
        const std::string_view bytes = packed_.next();
        from_ = {bytes.data(), bytes.size(), 0};
        if (bytes.empty()) {
          if (inside_frame_) throw DataError(name_ + ": the zstd archive is cut short", "fetch or copy the file again");
          break;
        }
      }
      if (!inside_frame_) begin_frame();
      const size_t read = from_.pos, written = to.pos;
      const size_t status = ZSTD_decompressStream(context_.get(), &to, &from_);
      if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge)
        throw DataError(name_ + ": unpacking this zstd archive takes more than 128 MiB",
                        "unpack it first: zstd -d --long=31 FILE");
      if (ZSTD_isError(status) != 0) throw_damaged(ZSTD_getErrorName(status));
      header_.append(static_cast<const char*>(from_.src) + read,
                     std::min(from_.pos - read, kLongestHeader - header_.size()));
      frame_size_ += to.pos - written;
      inside_frame_ = status != 0;
      if (!inside_frame_) check_frame();
      flushes_ = inside_frame_ && to.pos == to.size;  // there may be more that needs no further input
    }
    return to.pos;
  }

 private:
  static constexpr size_t kLongestHeader = 18;  // ZSTD_FRAMEHEADERSIZE_MAX

  [[noreturn]] void throw_damaged(const std::string& problem) const {
    throw DataError(name_ + ": the zstd archive is damaged: " + problem, "fetch or copy the file again");
  }

  void begin_frame() {
    header_.clear();
    frame_size_ = 0;
  }
  // The library does not look when the last block is empty.
  void check_frame() const {
    const unsigned long long told = ZSTD_getFrameContentSize(header_.data(), header_.size());
    if (told != ZSTD_CONTENTSIZE_UNKNOWN && told != ZSTD_CONTENTSIZE_ERROR && told != frame_size_)
      throw_damaged("a frame of another size than it says");
  }

  PackedInput packed_;
  std::string name_;
  std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  ZSTD_inBuffer from_{nullptr, 0, 0};
  bool inside_frame_ = false;
  bool flushes_ = false;
  std::string header_;       // of the frame
  uint64_t frame_size_ = 0;  // what it gave so far
};

}  // namespace

bool is_zstd(std::string_view start) {
  if (start.starts_with(kMagic)) return true;
  return start.size() >= 4 && (start[0] & 0xF0) == 0x50 && start.substr(1).starts_with(kSkippable);
}

std::unique_ptr<ByteSource> unpack_zstd(std::unique_ptr<ByteSource> packed, std::string name) {
  return std::make_unique<ZstdSource>(std::move(packed), std::move(name));
}

}  // namespace fude
