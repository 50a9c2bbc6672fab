#include "line_reader.h"

#include <histedit.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>

#include "base/file.h"
#include "fude/base/error.h"
#include "signals.h"
#include "terminal.h"

namespace fude {
namespace {

constexpr int kHistorySize = 1000;
// A longer line is none that was written, and would take the memory for what is.
constexpr size_t kLongestLine = size_t{256} << 20;

size_t common_prefix(const std::vector<std::string>& texts) {
  size_t length = texts.front().size();
  for (const std::string& text : texts) {
    const auto [a, b] = std::mismatch(text.begin(), text.end(), texts.front().begin(), texts.front().end());
    length = std::min(length, static_cast<size_t>(a - text.begin()));
  }
  return length;
}

class TerminalReader : public LineReader {
 public:
  explicit TerminalReader(TerminalReaderOptions options) : options_(std::move(options)) {
    // Without a UTF-8 locale libedit would take each byte for a character.
    if (std::strcmp(std::setlocale(LC_CTYPE, nullptr), "C") == 0) std::setlocale(LC_CTYPE, "C.UTF-8");
    editor_ = ::el_init("fude", stdin, stderr, stderr);
    history_ = ::history_init();
    HistEvent event;
    ::history(history_, &event, H_SETSIZE, kHistorySize);
    ::history(history_, &event, H_SETUNIQUE, 1);
    if (!options_.history.empty()) ::history(history_, &event, H_LOAD, options_.history.c_str());
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_PROMPT, prompt_of);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_HIST, ::history, history_);
    // The wide form: the narrow one copies its texts and never frees them.
    ::el_wset(editor_, EL_ADDFN, L"fude-complete", L"completes commands", complete_line);
    ::el_set(editor_, EL_BIND, "^I", "fude-complete", nullptr);
    // A Ctrl-D typed before the prompt comes as a zero byte, which libedit takes for a quoting key.
    ::el_set(editor_, EL_BIND, "^@", "em-delete-or-list", nullptr);
    ::el_source(editor_, nullptr);
  }
  ~TerminalReader() override {
    HistEvent event;
    if (!options_.history.empty()) {
      std::error_code unwritable;
      std::filesystem::create_directories(options_.history.parent_path(), unwritable);
      ::history(history_, &event, H_SAVE, options_.history.c_str());
    }
    ::history_end(history_);
    ::el_end(editor_);
  }
  TerminalReader(const TerminalReader&) = delete;
  TerminalReader& operator=(const TerminalReader&) = delete;

  LineOutcome read(const std::string& prompt, std::string& line) override {
    prompt_ = prompt;
    int length = 0;
    const char* const typed = interrupted() ? nullptr : ::el_gets(editor_, &length);
    if (interrupted()) {
      ::el_reset(editor_);
      return LineOutcome::kInterrupted;
    }
    if (typed == nullptr || length <= 0) return LineOutcome::kEnd;
    line = typed;
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    HistEvent event;
    if (!line.empty()) ::history(history_, &event, H_ENTER, line.c_str());
    return LineOutcome::kLine;
  }

 private:
  static TerminalReader& self(EditLine* editor) {
    void* reader = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &reader);
    return *static_cast<TerminalReader*>(reader);
  }

  static char* prompt_of(EditLine* editor) { return self(editor).prompt_.data(); }

  static unsigned char complete_line(EditLine* editor, int) {
    const LineInfo* const info = ::el_line(editor);
    const std::string_view typed(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    const std::vector<std::string> candidates = self(editor).options_.complete(typed);
    if (candidates.empty()) return CC_REFRESH_BEEP;
    const std::string added = candidates.front().substr(typed.size(), common_prefix(candidates) - typed.size());
    if (!added.empty()) {
      ::el_insertstr(editor, added.c_str());
      return CC_REFRESH;
    }
    if (candidates.size() == 1) return CC_REFRESH_BEEP;
    std::string list;
    for (const std::string& candidate : candidates) list += (list.empty() ? "\r\n" : "  ") + candidate;
    say(list);
    return CC_REDISPLAY;
  }

  TerminalReaderOptions options_;
  std::string prompt_;
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
};

class FileReader : public LineReader {
 public:
  explicit FileReader(const std::string& path)
      : name_(path == "-" ? "standard input" : path), file_(path == "-" ? stdin : std::fopen(path.c_str(), "re")) {
    if (file_ == nullptr) throw IoError("cannot open " + path + ": " + std::strerror(errno), "check the path");
  }
  ~FileReader() override {
    if (file_ != stdin) std::fclose(file_);
  }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  LineOutcome read(const std::string&, std::string& line) override {
    line.clear();
    errno = 0;
    for (int c = std::fgetc(file_); c != EOF && !interrupted(); c = std::fgetc(file_)) {
      if (c == '\n') return LineOutcome::kLine;
      if (line.size() == kLongestLine)
        throw DataError(name_ + " has a line of more than 256 MiB",
                        "give text in lines; a long prompt may have several");
      line += static_cast<char>(c);
    }
    if (interrupted()) return LineOutcome::kInterrupted;
    if (std::ferror(file_) != 0) throw IoError("cannot read " + name_ + ": " + std::strerror(errno), "check the path");
    return line.empty() ? LineOutcome::kEnd : LineOutcome::kLine;
  }

 private:
  std::string name_;
  FILE* file_;
};

}  // namespace

std::unique_ptr<LineReader> make_terminal_reader(TerminalReaderOptions options) {
  return std::make_unique<TerminalReader>(std::move(options));
}

std::unique_ptr<LineReader> make_file_reader(const std::string& path) { return std::make_unique<FileReader>(path); }

}  // namespace fude
