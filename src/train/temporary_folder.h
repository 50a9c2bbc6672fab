// A folder of its own below the system's temporary one, gone with the object.
#pragma once

#include <filesystem>

namespace fude {

class TemporaryFolder {
 public:
  // IoError when it cannot be made.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace fude
