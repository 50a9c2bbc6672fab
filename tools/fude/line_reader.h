// Lines from a person at a terminal (editing, history, completion), or from a file or pipe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

enum class LineOutcome { kLine, kInterrupted, kEnd };

class LineReader {
 public:
  virtual ~LineReader() = default;
  // The next line without its newline. `prompt` is shown at a terminal.
  virtual LineOutcome read(const std::string& prompt, std::string& line) = 0;
};

// A person at the terminal of standard input; what is typed is drawn on standard error.
struct TerminalReaderOptions {
  std::filesystem::path history;  // empty: nothing is kept
  // Whole lines that the one typed so far may become.
  std::function<std::vector<std::string>(std::string_view typed)> complete;
};
std::unique_ptr<LineReader> make_terminal_reader(TerminalReaderOptions options);

// A file; "-": standard input. IoError when it cannot be read.
std::unique_ptr<LineReader> make_file_reader(const std::string& path);

}  // namespace fude
