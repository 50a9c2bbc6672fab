#include <zlib.h>

#include <algorithm>
#include <new>
#include <utility>

#include "data/byte_source.h"
#include "fude/base/error.h"

namespace fude {
namespace {

constexpr std::string_view kMagic = "\x1F\x8B\x08";
// Window bits, and "gzip only".
constexpr int kGzip = 15 + 16;

class GzipSource : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)) {
    if (::inflateInit2(&stream_, kGzip) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { ::inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  size_t read(std::span<char> out) override {
    size_t size = 0;
    while (size < out.size() && !ended_) {
      if (stream_.avail_in == 0 && !refill()) {
        if (!between_members_)
          throw DataError(name_ + ": the gzip archive is cut short", "fetch or copy the file again");
        ended_ = true;
        break;
      }
      if (between_members_ && !begin_member()) continue;
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + size);
      const size_t room = std::min<size_t>(out.size() - size, kMost);
      stream_.avail_out = static_cast<uInt>(room);
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      size += room - stream_.avail_out;
      if (status == Z_MEM_ERROR) throw std::bad_alloc();
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        throw DataError(name_ + ": the gzip archive is damaged" +
                            (stream_.msg != nullptr ? std::string(": ") + stream_.msg : std::string()),
                        "fetch or copy the file again");
      }
      if (status == Z_STREAM_END) between_members_ = true;
    }
    return size;
  }

 private:
  static constexpr size_t kMost = size_t{1} << 30;

  bool refill() {
    const std::string_view bytes = packed_.next();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's interface, which only reads
    stream_.avail_in = static_cast<uInt>(bytes.size());
    return !bytes.empty();
  }

  // Passes over the zeros that tapes leave behind a member. False while nothing else has come.
  bool begin_member() {
    while (!first_ && stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    first_ = false;
    between_members_ = false;
    ::inflateReset(&stream_);
    return true;
  }

  PackedInput packed_;
  std::string name_;
  z_stream stream_{};
  bool first_ = true;
  bool between_members_ = true;
  bool ended_ = false;
};

}  // namespace

bool is_gzip(std::string_view start) { return start.starts_with(kMagic); }

std::unique_ptr<ByteSource> unpack_gzip(std::unique_ptr<ByteSource> packed, std::string name) {
  return std::make_unique<GzipSource>(std::move(packed), std::move(name));
}

}  // namespace fude
