// Preloaded into the real program, it counts the calls that touch files below a folder and lets one of them go wrong.
//
//   FAULT_FOLDER=PATH   the folder, absolute, as the program is told it
//   FAULT_LOG=FILE      a line a call: its name and its path, or how its descriptor was opened
//   FAULT_AT=N          the call that goes wrong, from 1
//   FAULT=HOW           kill: the program is killed before that call
//                       short: half of a write is written
//                       ERRNO: that call fails so; ERRNO+: so does each from there on that needs room on the disk
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace {

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

struct Plan {
  std::string folder, log, how;
  int at = 0;
  int error = 0;
  bool lasting = false;

  Plan() {
    const auto variable = [](const char* name) {
      const char* const value = ::getenv(name);
      return std::string(value == nullptr ? "" : value);
    };
    folder = variable("FAULT_FOLDER");
    log = variable("FAULT_LOG");
    how = variable("FAULT");
    at = std::atoi(variable("FAULT_AT").c_str());
    error = std::atoi(how.c_str());
    lasting = how.ends_with('+');
  }
};

// Never destroyed: calls come until the very end.
const Plan& plan() {
  static const Plan& value = *new Plan;
  return value;
}

std::atomic<int> calls{0};
// By descriptor, how a file below the folder was opened; empty for others. Only one thread opens such files.
std::string* opened_as(int descriptor) {
  static auto& all = *new std::array<std::string, 4096>;
  return descriptor >= 0 && descriptor < static_cast<int>(all.size()) ? &all[static_cast<size_t>(descriptor)] : nullptr;
}

bool is_below(const char* path) {
  const std::string& folder = plan().folder;
  return !folder.empty() && path != nullptr && std::strncmp(path, folder.c_str(), folder.size()) == 0 &&
         (path[folder.size()] == '\0' || path[folder.size()] == '/');
}
bool is_below(int descriptor) {
  const std::string* const how = opened_as(descriptor);
  return how != nullptr && !how->empty();
}

std::string shown(const char* path) { return path; }
std::string shown(int descriptor) { return *opened_as(descriptor); }

void write_log(const char* kind, const std::string& what) {
  if (plan().log.empty()) return;
  const std::string line = std::string(kind) + " " + what + "\n";
  const auto descriptor = static_cast<int>(
      ::syscall(SYS_openat, AT_FDCWD, plan().log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  ::syscall(SYS_write, descriptor, line.data(), line.size());
  ::syscall(SYS_close, descriptor);
}

// One call: whether it goes wrong is settled before it is made.
class Call {
 public:
  Call(const char* kind, const std::string& what, bool needs_room = false) {
    const int number = ++calls;
    write_log(kind, what);
    chosen_ = number == plan().at;
    if (chosen_ && plan().how == "kill") ::kill(::getpid(), SIGKILL);
    fails_ = plan().error != 0 && (plan().lasting ? needs_room && number >= plan().at : chosen_);
    if (fails_) errno = plan().error;
  }
  bool fails() const { return fails_; }
  bool is_short() const { return chosen_ && plan().how == "short"; }

 private:
  bool chosen_ = false;
  bool fails_ = false;
};

const char* kind_of_open(int flags) {
  if ((flags & O_TMPFILE) == O_TMPFILE) return "open-nameless";
  if ((flags & O_DIRECTORY) != 0) return "open-folder";
  return (flags & O_CREAT) != 0 ? "create" : "open";
}

template <class Open>
int opened(const char* path, int flags, const Open& open) {
  if (!is_below(path)) return open();
  const bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  const char* const kind = kind_of_open(flags);
  const Call call(kind, path, creates);
  if (call.fails()) return -1;
  const int descriptor = open();
  if (std::string* const how = opened_as(descriptor)) *how = std::string(kind) + " " + path;
  return descriptor;
}

mode_t mode_of(int flags, va_list arguments) {
  const bool given = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return given ? va_arg(arguments, mode_t) : 0;
}

// A call that returns 0, or -1 with errno. It counts when `what`, a path or a descriptor, is below the folder.
template <class What, class... Arguments>
int zero_or_error(const char* name, What what, bool needs_room, Arguments... arguments) {
  const auto real = next<int (*)(Arguments...)>(name);
  if (!is_below(what)) return real(arguments...);
  const Call call(name, shown(what), needs_room);
  return call.fails() ? -1 : real(arguments...);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return opened(path, flags, [&] { return next<int (*)(const char*, int, ...)>("open")(path, flags, mode); });
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return opened(path, flags, [&] { return next<int (*)(const char*, int, ...)>("open64")(path, flags, mode); });
}
int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return opened(path, flags,
                [&] { return next<int (*)(int, const char*, int, ...)>("openat")(folder, path, flags, mode); });
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  if (!is_below(descriptor)) return real(descriptor, bytes, size);
  const Call call("write", shown(descriptor), true);
  if (call.fails()) return -1;
  return real(descriptor, bytes, call.is_short() ? (size + 1) / 2 : size);
}
ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  if (!is_below(descriptor)) return real(descriptor, bytes, size, offset);
  const Call call("write", shown(descriptor), true);
  if (call.fails()) return -1;
  return real(descriptor, bytes, call.is_short() ? (size + 1) / 2 : size, offset);
}

int close(int descriptor) {
  const auto real = next<int (*)(int)>("close");
  if (!is_below(descriptor)) return real(descriptor);
  const Call call("close", std::exchange(*opened_as(descriptor), {}));
  const int result = real(descriptor);  // even when it fails the descriptor is gone
  if (call.fails()) errno = plan().error;
  return call.fails() ? -1 : result;
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return zero_or_error("linkat", to, true, from_folder, from, to_folder, to, flags);
}
int mkdir(const char* path, mode_t mode) { return zero_or_error("mkdir", path, true, path, mode); }
int rename(const char* from, const char* to) { return zero_or_error("rename", to, false, from, to); }
int unlink(const char* path) { return zero_or_error("unlink", path, false, path); }
int remove(const char* path) { return zero_or_error("remove", path, false, path); }
int rmdir(const char* path) { return zero_or_error("rmdir", path, false, path); }
int fsync(int descriptor) { return zero_or_error("fsync", descriptor, false, descriptor); }
int ftruncate(int descriptor, off_t size) { return zero_or_error("ftruncate", descriptor, false, descriptor, size); }
int fchmod(int descriptor, mode_t mode) { return zero_or_error("fchmod", descriptor, false, descriptor, mode); }
int flock(int descriptor, int how) { return zero_or_error("flock", descriptor, false, descriptor, how); }

void* mmap(void* at, size_t size, int protection, int flags, int descriptor, off_t offset) {
  const auto real = next<void* (*)(void*, size_t, int, int, int, off_t)>("mmap");
  if (!is_below(descriptor)) return real(at, size, protection, flags, descriptor, offset);
  const Call call("mmap", shown(descriptor));
  return call.fails() ? MAP_FAILED : real(at, size, protection, flags, descriptor, offset);
}

int statvfs(const char* path, struct statvfs* status) {
  const auto real = next<int (*)(const char*, struct statvfs*)>("statvfs");
  if (!is_below(path)) return real(path, status);
  const Call call("statvfs", path, true);
  const int result = real(path, status);
  if (call.fails()) status->f_bavail = 0;
  return result;
}

}  // extern "C"
