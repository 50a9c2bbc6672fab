#include "base/temporary_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "fude/base/error.h"

namespace fude {
namespace {

[[noreturn]] void throw_io(const std::string& action, const std::filesystem::path& folder, int code) {
  throw IoError("cannot " + action + " a temporary file in " + folder.string() + ": " + std::strerror(code),
                "free some disk space, or set TMPDIR to a folder with more of it");
}

int open_nameless(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  // Not every file system has files without a name: one that loses it at once does as well.
  std::string name = (folder / ".fude-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) throw_io("make", folder, errno);
  ::unlink(name.c_str());
  return named;
}

}  // namespace

TemporaryFile::TemporaryFile(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  if (folder_.empty()) folder_ = std::filesystem::temp_directory_path(error);
  if (error) folder_ = "/tmp";
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      written_(std::exchange(other.written_, 0)),
      tail_(std::exchange(other.tail_, {})) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(written_, other.written_);
  std::swap(tail_, other.tail_);
  return *this;
}

void TemporaryFile::append(std::string_view bytes) {
  if (tail_.size() + bytes.size() <= kBufferBytes) {
    tail_.append(bytes);
    return;
  }
  write(tail_);
  tail_.clear();
  write(bytes);
}

void TemporaryFile::write(std::string_view bytes) {
  if (descriptor_ < 0) descriptor_ = open_nameless(folder_);
  if (const int code = write_all(descriptor_, bytes); code != 0) throw_io("write", folder_, code);
  written_ += bytes.size();
}

void TemporaryFile::truncate(uint64_t size) {
  if (size >= written_) {
    tail_.resize(std::min<uint64_t>(tail_.size(), size - written_));
    return;
  }
  tail_.clear();
  const auto end = static_cast<off_t>(size);
  if (::ftruncate(descriptor_, end) != 0 || ::lseek(descriptor_, end, SEEK_SET) < 0) throw_io("cut", folder_, errno);
  written_ = size;
}

void TemporaryFile::read(uint64_t offset, std::span<char> bytes) const {
  const uint64_t in_file = offset < written_ ? std::min<uint64_t>(bytes.size(), written_ - offset) : 0;
  const ReadResult result = read_fully(descriptor_, static_cast<int64_t>(offset), bytes.first(in_file));
  if (result.size < in_file) throw_io("read", folder_, result.error != 0 ? result.error : EIO);
  if (in_file < bytes.size())
    std::memcpy(bytes.data() + in_file, tail_.data() + (offset + in_file - written_), bytes.size() - in_file);
}

}  // namespace fude
