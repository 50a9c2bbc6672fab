// A run directory is for one training at a time.
#pragma once

#include <filesystem>
#include <vector>

namespace fude {

// Holds RUN and RUN/.lock, which says who does, for as long as it lives. The locks are the system's own (flock), so
// they go with the process however that ends: the file alone holds nobody up, and to take it away frees nothing. Where
// the file system knows no locks, a run goes on without.
class RunLock {
 public:
  // Makes the folder when it is not there. IoError when another training holds it (naming the process) or when it
  // cannot be written.
  explicit RunLock(const std::filesystem::path& run);
  // Takes its file away, and folders that were made for it and are still empty.
  ~RunLock();
  // Whether the folder is where it was: otherwise what is written by its name would go elsewhere.
  bool is_in_place() const;
  static std::filesystem::path file(const std::filesystem::path& run) { return run / ".lock"; }
  // Whether a training holds the folder.
  static bool is_held(const std::filesystem::path& run);
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  std::filesystem::path run_, file_;
  std::vector<std::filesystem::path> made_;  // innermost first
  int folder_;
  int descriptor_ = -1;
};

}  // namespace fude
