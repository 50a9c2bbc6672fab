#include "train/temporary_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "fude/base/error.h"

namespace fude {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "fude-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw IoError("cannot create a temporary folder " + name + ": " + std::strerror(errno),
                  "set TMPDIR to a folder that can be written");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fude
