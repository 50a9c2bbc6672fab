// Ctrl-C and its kin: the first asks for an orderly end, the second quits at once.
#pragma once

#include <atomic>

namespace fude {

inline constexpr int kInterruptedExit = 130;

// From here on SIGINT, SIGTERM and SIGHUP set interrupted(), and a second one quits with kInterruptedExit. A signal
// that the process was started to ignore (nohup, background jobs) stays ignored.
void catch_signals();
// For the library's `stop` arguments.
const std::atomic<bool>& interrupted();
// Whether one of the signals was not Ctrl-C, which a prompt may survive, but SIGTERM or SIGHUP.
bool told_to_end();
// The next Ctrl-C is a first one again.
void clear_interrupt();

}  // namespace fude
