// In place of a fuzzer: hands a target the files named, and those of the folders named, once each.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

#include "base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (const fs::path argument : std::vector<std::string>(argv + 1, argv + argc)) {
    if (argument.string().starts_with('-')) continue;  // a fuzzer's option
    if (!fs::is_directory(argument)) files.push_back(argument);
    if (fs::is_directory(argument)) files.insert(files.end(), fs::directory_iterator(argument), {});
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::cout << file.string() << std::endl;  // the last one named is the one that crashes
    const std::string bytes = fude::read_file(file);
    // A copy of the exact size, so that a sanitizer sees what is read beyond it.
    const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
  }
  if (files.empty()) std::cerr << "no inputs\n";
  return files.empty() ? 1 : 0;
}
