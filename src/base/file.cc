#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/memory.h"
#include "fude/base/error.h"
#include "fude/base/random.h"

namespace fude {
namespace {

constexpr size_t kBufferSize = size_t{1} << 20;
// Between a file's name and the number that its unfinished successor has.
constexpr std::string_view kUnfinished = ".new-";
// Bytes of a file's name that its successor's has: file systems take 255 in all.
constexpr size_t kNameKept = 200;
constexpr int kMostLinks = 40;

[[noreturn]] void throw_io(const std::string& action, const std::filesystem::path& path) {
  const int code = errno;
  std::string hint;
  if (code == ENOENT) hint = action == "write" ? "create its folder first" : "check the path";
  if (code == ELOOP || code == ENAMETOOLONG) hint = "check the path";
  if (code == ENOSPC || code == EDQUOT) hint = "free some disk space and try again";
  if (code == EFBIG) hint = "raise the limit on the size of files (ulimit -f)";
  if (code == EMFILE || code == ENFILE) hint = "raise the limit on open files (ulimit -n)";
  if (code == EACCES || code == EROFS) hint = "choose a path that you may use, or change its permissions";
  throw IoError("cannot " + action + " " + path.string() + ": " + std::strerror(code), hint);
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (value_ < 0) throw_io((flags & O_CREAT) != 0 ? "write" : "open", path);
  }
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  // For who must know whether all was written.
  bool close() { return ::close(std::exchange(value_, -1)) == 0; }

 private:
  int value_;
};

[[noreturn]] void throw_too_large(const std::filesystem::path& path) {
  throw IoError("cannot read " + path.string() + ": it is too large to be held in memory, or has no end");
}

std::string read_all(int descriptor, const std::filesystem::path& path) {
  std::string content;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && available_bytes() < status.st_size)
    throw_too_large(path);
  size_t size = 0, next_look = size_t{1} << 26;
  while (true) {
    content.resize(size + kBufferSize);
    const ssize_t n = ::read(descriptor, content.data() + size, kBufferSize);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_io("read", path);
    if (n == 0) break;
    size += static_cast<size_t>(n);
    if (size >= next_look) {
      next_look = 2 * size;
      // The text grows into a copy of twice its size.
      if (available_bytes() < 2 * static_cast<int64_t>(size)) throw_too_large(path);
    }
  }
  content.resize(size);
  return content;
}

// Some file systems cannot sync, which is EINVAL.
void sync(int descriptor, const std::filesystem::path& path) {
  int result = 0;
  do {
    result = ::fsync(descriptor);
  } while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EINVAL) throw_io("sync", path);
}

// Some folders may be written but not read.
void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  const Descriptor closed_at_the_end(descriptor);
  sync(descriptor, folder);
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// Where an open file without a name can be given one.
constexpr char kOpenFiles[] = "/proc/self/fd/";

// A file in `folder` that has no name yet; negative where that is not to be had.
int open_nameless(const std::filesystem::path& folder) {
  if (::access(kOpenFiles, X_OK) != 0) return -1;
  return ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

}  // namespace

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return 0;
}

ReadResult read_fully(int descriptor, int64_t offset, std::span<char> out) {
  ReadResult result;
  while (result.size < out.size()) {
    char* const at = out.data() + result.size;
    const size_t left = out.size() - result.size;
    const ssize_t n = offset < 0
                          ? ::read(descriptor, at, left)
                          : ::pread(descriptor, at, left, static_cast<off_t>(offset) + static_cast<off_t>(result.size));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) result.error = errno;
    if (n <= 0) break;
    result.size += static_cast<size_t>(n);
  }
  return result;
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor descriptor(path, O_RDONLY | O_NONBLOCK);  // does not wait for who writes into a pipe
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) throw_io("read", path);
  if (S_ISDIR(status.st_mode)) throw IoError("cannot read " + path.string() + ": it is a folder");
  if (!S_ISREG(status.st_mode)) throw IoError("cannot map " + path.string() + ": it is not a regular file");
  size_ = static_cast<size_t>(status.st_size);
  if (size_ == 0) return;
  data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
  if (data_ == MAP_FAILED) {
    data_ = nullptr;
    throw_io("map", path);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void MappedFile::release() const {
  if (data_ != nullptr) ::madvise(data_, size_, MADV_DONTNEED);
}

bool file_exists(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return true;
  if (errno != ENOENT && errno != ENOTDIR) throw_io("open", path);
  return false;
}

void refuse_devices(int descriptor, const std::string& name) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISCHR(status.st_mode) || ::isatty(descriptor) != 0) return;
  if (status.st_rdev == makedev(1, 3)) return;  // Linux's number of /dev/null
  throw IoError("cannot read " + name + ": it is a device, not text", "name a file, a folder or a pipe");
}

std::string read_file(const std::filesystem::path& path) {
  const Descriptor descriptor(path, O_RDONLY);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) == 0 && S_ISDIR(status.st_mode))
    throw IoError("cannot read " + path.string() + ": it is a folder");
  refuse_devices(descriptor.get(), path.string());
  return read_all(descriptor.get(), path);
}

std::string read_stdin() { return read_all(STDIN_FILENO, "standard input"); }

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  const bool in_place = exists && !S_ISREG(status.st_mode);
  std::error_code error;
  // Where a link leads there may be no file yet. A pipe (/dev/stdout) is reached by its link only.
  for (int links = 0; !in_place && links < kMostLinks && std::filesystem::is_symlink(path_, error); ++links)
    path_ = folder_of(path_) / std::filesystem::read_symlink(path_, error);
  if (exists && S_ISDIR(status.st_mode)) throw IoError("cannot write " + path_.string() + ": it is a folder");
  if (exists && ::access(path_.c_str(), W_OK) != 0) throw_io("write", path_);
  if (in_place) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw_io("write", path_);
    return;
  }
  replaces_ = true;
  descriptor_ = open_nameless(folder_of(path_));
  const auto create = [this](const char* name) {
    descriptor_ = ::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return descriptor_ >= 0;
  };
  if (descriptor_ < 0 && !name_temporary(create)) throw_io("write", path_);
  if (exists) ::fchmod(descriptor_, status.st_mode & 07777);
}

template <class Make>
bool AtomicFile::name_temporary(const Make& make) {
  bool made = false;
  do {
    const std::string name = path_.filename().string().substr(0, kNameKept);
    temporary_ = folder_of(path_) / (name + std::string(kUnfinished) + std::to_string(random_seed()));
    made = make(temporary_.c_str());
  } while (!made && errno == EEXIST);
  if (!made) temporary_.clear();
  return made;
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > kBufferSize) flush();
  if (bytes.size() > kBufferSize) return put(bytes);
  buffer_.append(bytes);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void AtomicFile::write_at(size_t offset, std::span<const std::byte> bytes) {
  flush();
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_io("write", path_);
    done += static_cast<size_t>(n);
  }
}

void AtomicFile::put(std::string_view bytes) {
  if (write_all(descriptor_, bytes) != 0) throw_io("write", path_);
}

void AtomicFile::flush() {
  put(buffer_);
  buffer_.clear();
}

void AtomicFile::commit(const std::filesystem::path& predecessor) {
  flush();
  if (replaces_) sync(descriptor_, path_);
  const std::string open_file = kOpenFiles + std::to_string(descriptor_);
  const auto link = [&open_file](const char* name) {
    return ::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
  };
  if (replaces_ && temporary_.empty() && !name_temporary(link)) throw_io("write", path_);
  if (::close(std::exchange(descriptor_, -1)) != 0) throw_io("close", path_);
  if (!replaces_) return;
  if (!predecessor.empty()) keep_as(predecessor);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) throw_io("replace", path_);
  temporary_.clear();
  sync_folder(folder_of(path_));
}

// A second name, so that the file is never without its first; where there are no such names it is moved.
void AtomicFile::keep_as(const std::filesystem::path& predecessor) const {
  const std::filesystem::path second = temporary_.string() + "0";
  if (::linkat(AT_FDCWD, path_.c_str(), AT_FDCWD, second.c_str(), 0) == 0) {
    const int code = ::rename(second.c_str(), predecessor.c_str()) == 0 ? 0 : errno;
    ::unlink(second.c_str());  // is still there, too, where both were names of one file
    if (code == 0) return;
    errno = code;
    throw_io("replace", predecessor);
  }
  if (errno == ENOENT) return;
  const bool no_links = errno == EPERM || errno == ENOTSUP || errno == EMLINK;
  if (!no_links || ::rename(path_.c_str(), predecessor.c_str()) != 0) throw_io("rename", path_);
}

void throw_write_error(const std::filesystem::path& path) { throw_io("write", path); }

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void append_file(const std::filesystem::path& path, int64_t size, std::string_view bytes) {
  const bool is_new = !file_exists(path);
  Descriptor descriptor(path, O_WRONLY | O_CREAT);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) throw_io("write", path);
  if (status.st_size > size && ::ftruncate(descriptor.get(), static_cast<off_t>(size)) != 0) throw_io("write", path);
  if (::lseek(descriptor.get(), 0, SEEK_END) < 0 || write_all(descriptor.get(), bytes) != 0) throw_io("write", path);
  sync(descriptor.get(), path);
  if (!descriptor.close()) throw_io("close", path);
  if (is_new) sync_folder(folder_of(path));
}

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw_io("rename", from);
  sync_folder(folder_of(to));
}

std::optional<int64_t> free_bytes(const std::filesystem::path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0 || status.f_blocks == 0) return std::nullopt;
  return static_cast<int64_t>(status.f_bavail) * static_cast<int64_t>(status.f_frsize);
}

bool is_unfinished(std::string_view name, const std::function<bool(std::string_view)>& is_own) {
  const size_t at = name.rfind(kUnfinished);
  const size_t number = at == std::string_view::npos ? name.size() : at + kUnfinished.size();
  return number < name.size() && name.find_first_not_of("0123456789", number) == std::string_view::npos &&
         is_own(name.substr(0, at));
}

void remove_unfinished(const std::filesystem::path& folder, const std::function<bool(std::string_view)>& is_own) {
  std::error_code error;
  std::vector<std::filesystem::path> left;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (is_unfinished(entry->path().filename().string(), is_own)) left.push_back(entry->path());
  }
  for (const std::filesystem::path& file : left) std::filesystem::remove(file, error);
}

}  // namespace fude
