#include "signals.h"

#include <signal.h>
#include <unistd.h>

namespace fude {
namespace {

std::atomic<bool> interrupt_flag{false};
std::atomic<bool> end_flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set inside a signal handler");

void on_signal(int number) {
  if (number != SIGINT) end_flag = true;
  if (interrupt_flag.exchange(true)) ::_exit(kInterruptedExit);
}

}  // namespace

void catch_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(number, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    // Without SA_RESTART: waiting for a line of input ends when a signal comes.
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
  }
}

const std::atomic<bool>& interrupted() { return interrupt_flag; }

bool told_to_end() { return end_flag; }

void clear_interrupt() { interrupt_flag = end_flag.load(); }

}  // namespace fude
