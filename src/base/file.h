// Files: memory-mapped reading, and writing that replaces a file as a whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fude {

// A file's bytes, mapped read-only for the life of the object. An empty file gives an empty span.
class MappedFile {
 public:
  // IoError when the file is missing, is a directory or cannot be read.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }
  std::string_view text() const { return {static_cast<const char*>(data_), size_}; }
  // Takes the pages out of the program's memory. They come back by themselves when they are read again.
  void release() const;

 private:
  void* data_ = nullptr;
  size_t size_ = 0;
};

// Whether there is something of this name. IoError when that cannot be found out: a folder on the way is closed, say.
bool file_exists(const std::filesystem::path& path);

// IoError for what gives bytes without end, such as /dev/zero. Terminals and /dev/null have one.
void refuse_devices(int descriptor, const std::string& name);
// The whole content of a file that may also be a pipe. IoError when it cannot be read or held in memory.
std::string read_file(const std::filesystem::path& path);
// All of standard input.
std::string read_stdin();

// Writes beside `path` and, on commit, syncs file and folder and renames over it: a reader sees the old file or the new
// one, whole. Without commit (an exception, say) nothing of it stays; nor after a kill, where the file system has files
// without a name, as all common ones do. A symbolic link is written through, an existing
// file's permissions are kept, and a device or pipe, which cannot be replaced, is written in place. IoError with the
// cause (full disk, no permission, a file that may not be written).
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void write(std::span<const std::byte> bytes);
  // Overwrites bytes already written, at `offset`: for headers that are known last.
  void write_at(size_t offset, std::span<const std::byte> bytes);
  void commit() { commit({}); }
  // The same, and the file that is replaced stays, as `predecessor`.
  void commit(const std::filesystem::path& predecessor);

 private:
  void put(std::string_view bytes);
  void flush();
  void keep_as(const std::filesystem::path& predecessor) const;
  // Calls make(name) with names for the file beside `path` until it succeeds or errno is not EEXIST.
  template <class Make>
  bool name_temporary(const Make& make);

  std::filesystem::path path_;
  std::filesystem::path temporary_;  // empty for what cannot be replaced, without a name yet, and after commit
  bool replaces_ = false;            // `path`; a device or pipe is written in place
  int descriptor_ = -1;
  std::string buffer_;
};

void write_file(const std::filesystem::path& path, std::string_view bytes);

// IoError with the cause in errno, after writing to `path` in any other way has failed.
[[noreturn]] void throw_write_error(const std::filesystem::path& path);

// Writes bytes behind the first `size` of a file, in place of what was there, and syncs it: for files that only grow. A
// kill may leave any part of them. The file is made when there is none; a shorter one grows from its own end.
void append_file(const std::filesystem::path& path, int64_t size, std::string_view bytes);

// Renames a file, over one of that name if there is one. IoError when that cannot be done.
void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

// Bytes that may still be written to the file system of `folder`; nullopt where it does not say.
std::optional<int64_t> free_bytes(const std::filesystem::path& folder);

// Whether an AtomicFile that was killed has left a file of this `name`, for one whose name `is_own` takes.
bool is_unfinished(std::string_view name, const std::function<bool(std::string_view)>& is_own);
// Deletes what is left so in `folder`, where nobody else may be writing.
void remove_unfinished(const std::filesystem::path& folder, const std::function<bool(std::string_view)>& is_own);

// Writes all of it to a descriptor, however often that is interrupted. 0, or the errno that stopped it.
int write_all(int descriptor, std::string_view bytes);

// Fills `out` from a descriptor, however often that is interrupted; fewer bytes only at the end. `offset` -1: from
// where the descriptor stands, which may then be a pipe.
struct ReadResult {
  size_t size = 0;
  int error = 0;  // the errno that stopped it, or 0
};
ReadResult read_fully(int descriptor, int64_t offset, std::span<char> out);

// The bytes of a plain value or of a span of them.
template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return {reinterpret_cast<const std::byte*>(&value), sizeof(T)};
}

}  // namespace fude
