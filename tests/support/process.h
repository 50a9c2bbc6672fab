// A program run as a child process: arguments and input in, exit code and output back.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fude {

struct ProcessOptions {
  std::string input = {};                               // standard input
  std::map<std::string, std::string> environment = {};  // added to the tests' own, without its FUDE_* and NO_COLOR
  std::filesystem::path folder = ".";                   // working directory
  bool terminal = false;                                // all three streams are one terminal; its output is `out`
  std::string output_file = {};                         // standard output goes here instead; empty: off
  bool keep_input_open = false;                         // finish() closes it
  int output_space = 0;  // bytes that standard output takes before somebody reads; 0: as the system has it
};

struct ProcessResult {
  int exit_code = -1;  // 128 + signal when one ended it
  std::string out;
  std::string err;
};

class Process {
 public:
  Process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    if (options.terminal) {
      start_on_terminal(arguments, options);
    } else {
      start_on_pipes(arguments, options);
    }
    write(options.input);
    if (!options.keep_input_open && !options.terminal) close_input();
  }
  ~Process() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    close_input();
    for (const int descriptor : {out_, err_}) {
      if (descriptor >= 0) ::close(descriptor);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::write(in_, text.data(), text.size());
      if (n <= 0) return;  // the child has gone away: its exit code tells why
      text.remove_prefix(static_cast<size_t>(n));
    }
  }
  pid_t id() const { return child_; }
  void send(int signal_number) const { ::kill(child_, signal_number); }

  // The terminal is closed, or the pipes are; the child may go on.
  void hang_up() {
    close_input();
    for (int* const descriptor : {&out_, &err_}) {
      if (*descriptor >= 0) ::close(std::exchange(*descriptor, -1));
    }
  }

  // Reads until `text` has come on either stream, behind what was waited for before; false when the child ends or a
  // minute passes without it.
  bool wait_for(std::string_view text) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < end) {
      if (advance(result_.out, text, out_seen_) || advance(result_.err, text, err_seen_)) return true;
      if (!read_some()) return false;
    }
    return false;
  }

  // A key pressed before the child listens to single keys is lost, so it is pressed again and again.
  ProcessResult press_until_end(std::string_view key) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    do {
      write(key);
    } while (read_some() && std::chrono::steady_clock::now() < end);
    return finish();
  }
  // A child that says nothing for a minute is ended by SIGKILL.
  ProcessResult finish() {
    close_input();
    auto end = std::chrono::steady_clock::now() + kPatience;
    for (size_t before = received(); read_some(); before = received()) {
      if (received() > before) end = std::chrono::steady_clock::now() + kPatience;
      if (std::chrono::steady_clock::now() > end) send(SIGKILL);
    }
    int status = 0;
    ::waitpid(std::exchange(child_, -1), &status, 0);
    result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return std::move(result_);
  }

 private:
  static constexpr std::chrono::minutes kPatience{1};

  static bool advance(const std::string& stream, std::string_view text, size_t& seen) {
    const size_t at = stream.find(text, seen);
    if (at == std::string::npos) return false;
    seen = at + text.size();
    return true;
  }

  size_t received() const { return result_.out.size() + result_.err.size(); }

  void start_on_pipes(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0 ||
        ::pipe2(err.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("cannot make pipes");
    if (options.output_space > 0) ::fcntl(out[1], F_SETPIPE_SZ, options.output_space);
    ::signal(SIGPIPE, SIG_IGN);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(err[1], STDERR_FILENO);
      if (!options.output_file.empty())
        ::dup2(::open(options.output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666), STDOUT_FILENO);
      execute(arguments, options);
    }
    ::close(in[0]);
    ::close(out[1]);
    ::close(err[1]);
    in_ = in[1];
    out_ = out[0];
    err_ = err[0];
  }

  void start_on_terminal(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    int terminal = -1;
    winsize size{.ws_row = 40, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
    child_ = ::forkpty(&terminal, nullptr, nullptr, &size);
    if (child_ == 0) execute(arguments, options);
    out_ = terminal;
    in_ = ::dup(terminal);
  }

  [[noreturn]] static void execute(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1, SIGTSTP}) ::signal(number, SIG_DFL);
    for (char** entry = environ; *entry != nullptr;) {
      const std::string_view variable(*entry);
      if (!variable.starts_with("FUDE_") && !variable.starts_with("NO_COLOR=")) {
        ++entry;
        continue;
      }
      ::unsetenv(std::string(variable.substr(0, variable.find('='))).c_str());
    }
    for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    if (::chdir(options.folder.c_str()) == 0) ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  // False when both streams are at their end.
  bool read_some() {
    std::array<pollfd, 2> streams = {pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
    if (out_ < 0 && err_ < 0) return false;
    ::poll(streams.data(), streams.size(), 200);
    if (streams[0].revents != 0) read_from(out_, result_.out);
    if (streams[1].revents != 0) read_from(err_, result_.err);
    return true;
  }

  static void read_from(int& descriptor, std::string& text) {
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
    if (n > 0) {
      text.append(buffer.data(), static_cast<size_t>(n));
    } else if (n == 0 || errno != EINTR) {  // a terminal ends with EIO
      ::close(std::exchange(descriptor, -1));
    }
  }

  void close_input() {
    if (in_ >= 0) ::close(std::exchange(in_, -1));
  }

  pid_t child_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  ProcessResult result_;
  size_t out_seen_ = 0;
  size_t err_seen_ = 0;
};

inline ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options = {}) {
  return Process(arguments, options).finish();
}

}  // namespace fude
