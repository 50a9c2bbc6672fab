#include "input.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "base/file.h"
#include "fude/base/error.h"
#include "fude/generate/generator.h"
#include "fude/text/unicode.h"
#include "terminal.h"
#include "train/run_directory.h"
#include "usage_error.h"

namespace fude {
namespace {

// As much of a file as tells what it is.
constexpr size_t kStart = size_t{1} << 16;
constexpr size_t kLongestCharacter = 4;

// Of a regular file; otherwise, and when there is none, empty.
std::string start_of(const std::string& file) {
  std::error_code missing;
  if (!std::filesystem::is_regular_file(file, missing)) return {};
  return std::string(MappedFile(file).text().substr(0, kStart));
}

// Whether a training run writes the file as it goes, and counts on it when it goes on.
bool is_record_of_run(const std::filesystem::path& file) {
  const RunDirectory run(file.parent_path());
  const bool is_named_so = file == run.log() || file == run.samples() || file == run.report();
  return is_named_so && file_exists(file) && run.has_state();
}

[[noreturn]] void refuse_loss(const std::string& output, const std::string& what) {
  throw DataError(output + " " + what + ", and would be lost", "write to another file, or remove it first");
}

}  // namespace

std::string read_text(const std::string& input) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string text = input == "-" ? read_stdin() : read_file(input);
  if (const size_t bad = find_invalid_utf8(text); bad != kValidUtf8) {
    throw DataError(shown_input(input) + ": not valid UTF-8 at byte offset " + std::to_string(bad),
                    "convert it to UTF-8, or clean it with `fude prep --invalid replace`");
  }
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

std::string read_texts(const std::vector<std::string>& inputs) {
  if (inputs.empty() && stdin_is_terminal()) throw UsageError("nothing to read", "name a file, or - to type it");
  std::string text;
  for (const std::string& input : inputs.empty() ? std::vector<std::string>{"-"} : inputs) text += read_text(input);
  return text;
}

bool stdin_has_bytes() {
  if (stdin_is_terminal()) return false;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  int bytes = 0;
  return ::poll(&input, 1, -1) == 1 && ::ioctl(STDIN_FILENO, FIONREAD, &bytes) == 0 && bytes > 0;
}

void require_unread(const std::string& output, const std::vector<std::string>& read) {
  for (const std::string& file : read) {
    std::error_code missing;
    const std::string name = file == "-" ? "/dev/stdin" : file;
    if (std::filesystem::is_regular_file(name, missing) && std::filesystem::equivalent(name, output, missing))
      throw UsageError(output + " is read, and would be lost by writing to it", "write to another file");
  }
}

void require_nothing_lost(const std::string& output, const std::vector<std::string>& read) {
  require_unread(output, read);
  const std::string start = start_of(output);
  // It begins with the header's length, of whose 8 bytes the upper 4 are zero; the header is JSON.
  constexpr std::string_view kUpperHalf("\0\0\0\0{", 5);
  const bool is_safetensors = start.size() > 8 && start.compare(4, kUpperHalf.size(), kUpperHalf) == 0;
  if (is_safetensors || start.starts_with("FUDETOKS") || Writer::is_session(start))
    refuse_loss(output, "is a model, a run's state, tokens or a session");
  if (is_record_of_run(output)) refuse_loss(output, "is the record of a training run");
}

void require_text_or_nothing(const std::string& output, const std::vector<std::string>& read) {
  require_nothing_lost(output, read);
  const std::string start = start_of(output);
  const size_t bad = find_invalid_utf8(start);
  const bool cut = start.size() == kStart && bad + kLongestCharacter > kStart;
  if (bad != kValidUtf8 && !cut) refuse_loss(output, "is there and holds no UTF-8 text");
  if (start.starts_with("{\n  \"fude")) refuse_loss(output, "is a tokenizer or a run's configuration");
}

void require_session_or_nothing(const std::string& output, const std::vector<std::string>& read) {
  require_unread(output, read);
  const std::string start = start_of(output);
  if (!start.empty() && !Writer::is_session(start))
    throw DataError(output + " is there and holds no session",
                    "choose another name; /write puts the story alone into a file");
}

std::string shown_input(const std::string& input) { return input == "-" ? "standard input" : input; }

}  // namespace fude
