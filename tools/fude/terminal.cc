#include "terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "signals.h"

namespace fude {
namespace {

bool progress_is_shown = false;

std::string two_digits(int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

bool has_colour(int descriptor) {
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const kind = std::getenv("TERM");
  const bool dumb = kind != nullptr && std::strcmp(kind, "dumb") == 0;
  return ::isatty(descriptor) != 0 && (no_colour == nullptr || *no_colour == '\0') && !dumb;
}

// Writes all of it. 0, or the errno that stopped it. Where nobody reads any more (a pipe that is full, a terminal that
// was stopped) a program that was told to end leaves the rest out rather than wait.
int write_to(int stream, std::string_view text) {
  constexpr size_t kPiece = 4096;  // goes without waiting where poll() says so
  static int patience = 3000;      // milliseconds, once for all that is written
  while (!text.empty()) {
    const bool ending = interrupted();
    pollfd ready{stream, POLLOUT, 0};
    if (ending && ::poll(&ready, 1, patience) == 0) {
      patience = 0;
      return 0;
    }
    const ssize_t n = ::write(stream, text.data(), ending ? std::min(text.size(), kPiece) : text.size());
    if (n < 0 && errno != EINTR) return errno;
    text.remove_prefix(static_cast<size_t>(std::max<ssize_t>(n, 0)));
  }
  return 0;
}

}  // namespace

void hold_closed_streams() {
  // Opened the wrong way round, and the lowest number that is free is taken.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void put(std::string_view text) {
  const int error = write_to(STDOUT_FILENO, text);
  if (error == EPIPE) throw BrokenPipe{};
  if (error != 0) {
    throw IoError(std::string("cannot write standard output: ") + std::strerror(error),
                  error == ENOSPC ? "free some disk space and try again" : "check where the output goes");
  }
}

void say(std::string_view line) {
  clear_progress();
  write_to(STDERR_FILENO, without_controls(line) + "\n");
}

void say_aside(std::string_view line) {
  if (!stderr_has_colour()) return say(line);
  clear_progress();
  write_to(STDERR_FILENO, "\x1b[2m" + without_controls(line) + "\x1b[0m\n");
}

void show_progress(std::string_view line) {
  if (!stderr_is_terminal()) return;
  const auto width = static_cast<size_t>(std::max(terminal_width() - 1, 1));
  write_to(STDERR_FILENO, "\r" + std::string(line.substr(0, width)) + "\x1b[K");
  progress_is_shown = true;
}

void clear_progress() {
  if (!progress_is_shown) return;
  write_to(STDERR_FILENO, "\r\x1b[K");
  progress_is_shown = false;
}

bool stdin_is_terminal() { return ::isatty(STDIN_FILENO) != 0; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) != 0; }
bool stderr_has_colour() { return has_colour(STDERR_FILENO); }
bool stdout_has_colour() { return has_colour(STDOUT_FILENO); }

int terminal_width() {
  winsize size{};
  for (const int descriptor : {STDERR_FILENO, STDOUT_FILENO}) {
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return 80;
}

std::string short_duration(double seconds) {
  const int64_t all = std::llround(std::max(seconds, 0.0));
  if (all < 60) return std::to_string(all) + "s";
  if (all < 3600) return std::to_string(all / 60) + "m" + two_digits(all % 60) + "s";
  return std::to_string(all / 3600) + "h" + two_digits(all / 60 % 60) + "m";
}

std::string shell_word(const std::string& text) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || std::strchr("._/-+:@%", c) != nullptr; };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string without_controls(std::string_view text) {
  std::string shown;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1, such as the one-character CSI: U+0080 to U+009F is 0xC2 and a byte from 0x80 to 0x9F.
    const bool first_of_c1 = byte == 0xC2 && i + 1 < text.size() && (text[i + 1] & 0xE0) == 0x80;
    const bool second_of_c1 = (byte & 0xE0) == 0x80 && i > 0 && text[i - 1] == '\xC2';
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F || first_of_c1 || second_of_c1) {
      shown += "\\x" + hex_digits(byte);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string pad_left(std::string_view text, int columns) {
  return std::string(static_cast<size_t>(std::max(columns - display_width(text), 0)), ' ') + std::string(text);
}

std::string pad_right(std::string_view text, int columns) {
  return std::string(text) + std::string(static_cast<size_t>(std::max(columns - display_width(text), 0)), ' ');
}

}  // namespace fude
