#include "train/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/file.h"
#include "fude/base/error.h"

namespace fude {
namespace {

namespace fs = std::filesystem;

// Makes `folder`, and returns what it had to make.
std::vector<fs::path> make_folders(const fs::path& folder) {
  std::vector<fs::path> made;
  std::error_code error;
  for (fs::path missing = folder; !missing.empty() && !fs::exists(missing, error); missing = missing.parent_path())
    made.push_back(missing);
  fs::create_directories(folder, error);
  if (error)
    throw IoError("cannot create the folder " + folder.string() + ": " + error.message(), "choose another --out");
  return made;
}

// "process 123 on host", as the holder wrote it.
std::string holder(int descriptor) {
  std::array<char, 256> text{};
  const ReadResult result = read_fully(descriptor, 0, text);
  return result.size == 0 ? "another process" : std::string(text.data(), result.size);
}

// Whether a file or folder that is open is the one that others will find by its name: it may have been taken away.
bool is_file(int descriptor, const fs::path& path) {
  struct stat opened {
  }, named{};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

int open_folder(const fs::path& folder) { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

// Takes the lock otherwise, where there are locks.
bool is_locked_by_another(int descriptor, int kind) {
  return ::flock(descriptor, kind | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

[[noreturn]] void refuse(const fs::path& run, const std::string& who) {
  throw IoError(run.string() + " is being trained already, by " + who,
                "wait until that training has ended, or stop it: it saves, and --resume goes on");
}

}  // namespace

RunLock::RunLock(const fs::path& run)
    : run_(run), file_(file(run)), made_(make_folders(run)), folder_(open_folder(run)) {
  for (bool locked = false; !locked;) {
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      const std::string why = std::strerror(errno);
      ::close(folder_);
      throw IoError("cannot write " + file_.string() + ": " + why,
                    "a run needs a folder that can be written, and makes that file itself");
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
      locked = is_file(descriptor_, file_);
    } else if (errno == EWOULDBLOCK) {
      const std::string who = holder(descriptor_);
      ::close(descriptor_);
      ::close(folder_);
      refuse(run, who);
    } else if (errno != EINTR) {
      return;  // no locks here
    }
    if (!locked) ::close(descriptor_);
  }
  if (is_locked_by_another(folder_, LOCK_EX)) {  // the file of who holds it was taken away
    ::unlink(file_.c_str());
    ::close(descriptor_);
    ::close(folder_);
    refuse(run, "another process");
  }
  std::array<char, 128> host{};
  ::gethostname(host.data(), host.size() - 1);
  // Only a courtesy to whoever is refused.
  if (::ftruncate(descriptor_, 0) == 0)
    write_all(descriptor_, "process " + std::to_string(::getpid()) + " on " + host.data());
}

bool RunLock::is_held(const fs::path& run) {
  const int folder = open_folder(run);
  const bool held = is_locked_by_another(folder, LOCK_SH);
  ::close(folder);
  return held;
}

// A folder that may be written but not read is not open.
bool RunLock::is_in_place() const { return folder_ < 0 || is_file(folder_, run_); }

RunLock::~RunLock() {
  if (is_file(descriptor_, file_)) ::unlink(file_.c_str());
  ::close(descriptor_);
  ::close(folder_);
  for (const fs::path& folder : made_) ::rmdir(folder.c_str());
}

}  // namespace fude
