// Errors that the library throws: one small hierarchy, each with a message that says what and where, and a hint.
//
//   try {
//     const auto model = fude::LanguageModel::load("story.safetensors");
//   } catch (const fude::FormatError& error) {
//     std::cerr << error.what() << "\n  hint: " << error.hint() << "\n";
//   }
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace fude {

// The base of all of them. what() is one line: what went wrong, where (path:line or byte offset), got against expected.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, std::string hint = {})
      : std::runtime_error(message), hint_(std::move(hint)) {}

  // What the user can do about it; empty when there is nothing to say.
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

// Options that contradict each other or are out of range.
class ConfigError : public Error {
  using Error::Error;
};

// The text or its tokens cannot be used: empty, invalid UTF-8, unknown symbols.
class DataError : public Error {
  using Error::Error;
};

// A file's content is not what its format says: truncated, wrong shape, newer version.
class FormatError : public Error {
  using Error::Error;
};

// The operating system refused: missing file, no permission, full disk.
class IoError : public Error {
  using Error::Error;
};

// More memory is needed than there is; known before it is taken.
class MemoryError : public Error {
  using Error::Error;
};

// A computation left the finite numbers.
class NumericError : public Error {
  using Error::Error;
};

}  // namespace fude
