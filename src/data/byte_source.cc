#include "data/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "fude/base/error.h"

namespace fude {
namespace {

// The first bytes by which compression is known.
constexpr size_t kMagic = 8;
constexpr size_t kSpoolChunk = size_t{1} << 20;

// Archives that are not read here.
constexpr std::array<std::pair<std::string_view, const char*>, 4> kOtherArchives = {{{{"\xFD"
                                                                                       "7zXZ\0",
                                                                                       6},
                                                                                      "xz"},
                                                                                     {"BZh", "bzip2"},
                                                                                     {"PK\x03\x04", "zip"},
                                                                                     {"7z\xBC\xAF\x27\x1C", "7-zip"}}};

class FileSource : public ByteSource {
 public:
  // Takes the descriptor over when it is `owned`. Reads from `offset` on, or, when it is -1, from where it stands.
  FileSource(int descriptor, bool owned, int64_t offset, std::string name)
      : descriptor_(descriptor), owned_(owned), offset_(offset), name_(std::move(name)) {
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  ~FileSource() override {
    if (owned_) ::close(descriptor_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  size_t read(std::span<char> out) override {
    const ReadResult result = read_fully(descriptor_, offset_, out);
    if (result.error != 0) throw IoError("cannot read " + name_ + ": " + std::strerror(result.error));
    if (offset_ >= 0) offset_ += static_cast<int64_t>(result.size);
    return result.size;
  }

 private:
  int descriptor_;
  bool owned_;
  int64_t offset_;
  std::string name_;
};

class SpooledSource : public ByteSource {
 public:
  explicit SpooledSource(const TemporaryFile& file) : file_(&file) {}
  size_t read(std::span<char> out) override {
    const auto size = static_cast<size_t>(std::min<uint64_t>(out.size(), file_->size() - offset_));
    file_->read(offset_, out.first(size));
    offset_ += size;
    return size;
  }

 private:
  const TemporaryFile* file_;
  uint64_t offset_ = 0;
};

// Bytes that were looked at, and then the rest.
class LookedAt : public ByteSource {
 public:
  LookedAt(std::string start, std::unique_ptr<ByteSource> rest) : start_(std::move(start)), rest_(std::move(rest)) {}
  size_t read(std::span<char> out) override {
    const size_t size = start_.copy(out.data(), out.size());
    start_.erase(0, size);
    return size + rest_->read(out.subspan(size));
  }

 private:
  std::string start_;
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

std::unique_ptr<ByteSource> open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (const int code = errno; descriptor < 0)
    throw IoError("cannot open " + path + ": " + std::strerror(code),
                  code == EMFILE ? "raise the limit on open files (ulimit -n)" : "check the path");
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  auto source = std::make_unique<FileSource>(descriptor, true, known && S_ISREG(status.st_mode) ? 0 : -1, path);
  if (known && S_ISDIR(status.st_mode)) throw IoError("cannot read " + path + ": it is a folder");
  refuse_devices(descriptor, path);
  return source;
}

bool stdin_is_regular_file() {
  struct stat status {};
  return ::fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode);
}

std::unique_ptr<ByteSource> open_stdin() {
  refuse_devices(STDIN_FILENO, "standard input");
  const int64_t offset = stdin_is_regular_file() ? ::lseek(STDIN_FILENO, 0, SEEK_CUR) : -1;
  return std::make_unique<FileSource>(STDIN_FILENO, false, offset, "standard input");
}

Spool::Spool(ByteSource& source, std::filesystem::path folder, size_t limit) {
  std::string chunk(std::min(kSpoolChunk, limit + 1), '\0');
  while (const size_t size = source.read(chunk)) {
    const std::string_view bytes = std::string_view(chunk).substr(0, size);
    if (!file_ && memory_.size() + size > limit) {
      file_ = std::make_unique<TemporaryFile>(folder);
      file_->append(memory_);
      memory_ = {};
    }
    if (file_) {
      file_->append(bytes);
    } else {
      memory_ += bytes;
    }
  }
}

std::unique_ptr<ByteSource> Spool::open() const {
  if (file_) return std::make_unique<SpooledSource>(*file_);
  return std::make_unique<MemorySource>(memory_);
}

std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> packed, const std::string& name,
                                   std::string* compression) {
  std::string start(kMagic, '\0');
  start.resize(packed->read(start));
  for (const auto& [magic, archive] : kOtherArchives) {
    if (std::string_view(start).starts_with(magic))
      throw DataError(name + " is binary, not text: a " + archive + " archive",
                      "unpack it first; gzip and zstd are read as they are");
  }
  const bool gzip = is_gzip(start), zstd = is_zstd(start);
  if (compression != nullptr) *compression = gzip ? "gzip" : zstd ? "zstd" : "";
  auto whole = std::make_unique<LookedAt>(std::move(start), std::move(packed));
  if (gzip) return unpack_gzip(std::move(whole), name);
  if (zstd) return unpack_zstd(std::move(whole), name);
  return whole;
}

}  // namespace fude
