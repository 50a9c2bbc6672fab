#include "signals.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace fude {
namespace {

constexpr int64_t kSameSignal = 500'000'000;  // nanoseconds

std::atomic<bool> interrupt_flag{false};
std::atomic<bool> end_flag{false};
std::atomic<bool> save_flag{false};
std::atomic<int64_t> interrupted_at{0};
std::atomic<int64_t> stopped_for{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free,
              "set inside a signal handler");

// As of std::chrono::steady_clock, but allowed inside a signal handler.
int64_t nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void on_signal(int number) {
  if (number != SIGINT) end_flag = true;
  if (!interrupt_flag.exchange(true)) {
    interrupted_at = nanoseconds();
  } else if (nanoseconds() - interrupted_at > kSameSignal) {
    ::_exit(kInterruptedExit);
  }
}

void on_lost_file(int) {
  constexpr char kMessage[] =
      "fude: error: a file was cut short while it was read, or its disk cannot be read\n"
      "  hint: leave files alone that a program works with; a training goes on with --resume from where it was saved\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  ::_exit(1);
}

void on_save(int) { save_flag = true; }

// Stops as without a handler, all threads of the program, and measures how long.
void on_stop(int number) {
  const int error = errno;
  const int64_t begin = nanoseconds();
  struct sigaction ours {};
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  ::sigaction(number, &plain, &ours);
  ::raise(number);
  sigset_t only{};
  sigset_t before{};
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, &before);  // here it stands still until SIGCONT
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::sigaction(number, &ours, nullptr);
  stopped_for += nanoseconds() - begin;
  errno = error;
}

void handle(int number, void (*handler)(int), int flags) {
  struct sigaction before {};
  ::sigaction(number, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

}  // namespace

void catch_lost_files() { handle(SIGBUS, on_lost_file, 0); }

void catch_signals() {
  // Without SA_RESTART: waiting for a line of input ends when a signal comes.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGXCPU}) handle(number, on_signal, 0);
}

const std::atomic<bool>& interrupted() { return interrupt_flag; }

bool told_to_end() { return end_flag; }

void clear_interrupt() { interrupt_flag = end_flag.load(); }

void catch_training_signals() {
  handle(SIGHUP, SIG_IGN, 0);
  handle(SIGUSR1, on_save, SA_RESTART);
  handle(SIGTSTP, on_stop, SA_RESTART);
}

std::atomic<bool>& save_asked() { return save_flag; }

const std::atomic<int64_t>& nanoseconds_stopped() { return stopped_for; }

}  // namespace fude
