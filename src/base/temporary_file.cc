#include "base/temporary_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "fude/base/error.h"

namespace fude {
namespace {

constexpr char kHint[] = "set TMPDIR to a folder that can be written and has room";

}  // namespace

TemporaryFile::TemporaryFile() {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) folder = "/tmp";
  std::string name = (folder / "fude-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) throw IoError("cannot create a temporary file " + name + ": " + std::strerror(errno), kHint);
  ::unlink(name.c_str());
}

TemporaryFile::~TemporaryFile() { ::close(descriptor_); }

void TemporaryFile::write(std::string_view bytes) {
  if (const int code = write_all(descriptor_, bytes); code != 0)
    throw IoError(std::string("cannot write a temporary file: ") + std::strerror(code), kHint);
  size_ += static_cast<int64_t>(bytes.size());
}

size_t TemporaryFile::read_at(int64_t offset, std::span<char> out) const {
  const ReadResult result = read_fully(descriptor_, offset, out);
  if (result.error != 0) throw IoError(std::string("cannot read a temporary file: ") + std::strerror(result.error));
  return result.size;
}

}  // namespace fude
